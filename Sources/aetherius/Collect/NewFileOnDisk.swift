// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A file that appears under its name only when it is whole, and is for its owner's eyes only.
final class NewFileOnDisk {
    /// Why a file could not be written.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let path: String
    private let partialPath: String
    private let descriptor: Int32

    init(_ path: String) throws(Failure) {
        self.path = path
        partialPath = path + ".partial"
        // What a run that was interrupted has left is of no use; a link that somebody has put there is not followed.
        unlink(partialPath)
        descriptor = open(partialPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(partialPath) }
    }

    func write(_ bytes: [UInt8]) throws(Failure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { writePiece(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure(partialPath) }
            rest = rest.dropFirst(count)
        }
    }

    /// Gives the file its name.
    func finish() throws(Failure) {
        guard close(descriptor) == 0, rename(partialPath, path) == 0 else { throw Self.failure(path) }
    }

    /// Takes back what was written.
    func abandon() {
        close(descriptor)
        unlink(partialPath)
    }

    private static func failure(_ path: String) -> Failure {
        Failure(description: "\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
}

// Inside the type the name means its own function.
private func writePiece(_ descriptor: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, buffer, count)
}
