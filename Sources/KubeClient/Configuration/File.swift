// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

#if canImport(Glibc)
import Glibc
#endif

/// Small files with settings in them.
package enum File {
    /// The largest file that is read; a kubeconfig with hundreds of contexts stays far below.
    static let maximumBytes = 16 << 20

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Reads a file.
    ///
    /// Foundation could do it, but it keeps the system's reason to itself and reads what is too large to the end.
    /// - Parameter purpose: what the file is for, as the error says it.
    package static func read(_ path: String, for purpose: String) throws(KubeError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, purpose, errno) }
        defer { close(descriptor) }
        return try readAll(descriptor, path, purpose)
    }

    /// Reads a file that is read again and again because it is replaced now and then.
    ///
    /// A pipe has nothing to say the second time, and would keep its reader waiting: it is refused.
    static func readRotating(_ path: String, for purpose: String) throws(KubeError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure(path, purpose, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(path, purpose, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw KubeError(
                code: .configuration,
                message: "\(path) (\(purpose)) is no regular file: it is read anew for each request"
            )
        }
        return try readAll(descriptor, path, purpose)
    }

    private static func readAll(
        _ descriptor: Int32,
        _ path: String,
        _ purpose: String
    ) throws(KubeError) -> [UInt8] {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = readPiece(descriptor, &piece)
            if count < 0 {
                if errno == EINTR { continue }
                throw failure(path, purpose, errno)
            }
            if count == 0 { return bytes }
            bytes += piece[..<count]
            guard bytes.count <= maximumBytes else {
                throw KubeError(
                    code: .configuration,
                    message: "\(path) (\(purpose)) is larger than \(maximumBytes >> 20) MiB"
                )
            }
        }
    }

    private static func failure(_ path: String, _ purpose: String, _ code: Int32) -> KubeError {
        KubeError(
            code: .configuration,
            message: "\(path) (\(purpose)) cannot be read: \(String(cString: strerror(code)))"
        )
    }
}

// Inside the type the name means its own function.
private func readPiece(_ descriptor: Int32, _ buffer: inout [UInt8]) -> Int {
    read(descriptor, &buffer, buffer.count)
}

/// The variables that the process was started with.
package enum ProcessEnvironment {
    package static var values: [String: String] { ProcessInfo.processInfo.environment }
}
