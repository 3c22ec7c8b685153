// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What is needed of the file system, with the system's own reasons.
enum FileSystem {
    /// Why something cannot be read.
    struct Failure: Error, CustomStringConvertible {
        let message: String
        var description: String { message }
    }

    /// What stands under a name.
    enum Kind: Equatable {
        case directory
        case file(size: Int)
        /// A link, a device, a pipe.
        case other
    }

    /// Whether a path, links followed, is a directory.
    static func isDirectory(_ path: String) throws(Failure) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { throw failure(path) }
        return status.st_mode & S_IFMT == S_IFDIR
    }

    /// What stands under a name, links not followed.
    static func kind(of path: String) throws(Failure) -> Kind {
        var status = stat()
        guard lstat(path, &status) == 0 else { throw failure(path) }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: return .directory
        case S_IFREG: return .file(size: Int(status.st_size))
        default: return .other
        }
    }

    /// The names in a directory.
    static func names(in directory: String) throws(Failure) -> [String] {
        guard let stream = opendir(directory) else { throw failure(directory) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Reads a file, or its last bytes.
    static func read(_ path: String, last count: Int? = nil, maximumBytes: Int) throws(Failure) -> [UInt8] {
        // Without waiting: a pipe under the name of a file must not hold everything up.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw Failure(message: "\(path) is no file") }
        let size = Int(status.st_size)
        let wanted = min(size, count ?? size)
        guard wanted <= maximumBytes else {
            throw Failure(message: "\(path) is larger than \(maximumBytes >> 20) MiB")
        }
        if wanted < size { lseek(descriptor, off_t(size - wanted), SEEK_SET) }
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, initialized in
            while initialized < wanted, let start = buffer.baseAddress {
                let received = readPiece(descriptor, start + initialized, wanted - initialized)
                if received < 0, errno == EINTR { continue }
                if received < 0 { code = errno }
                guard received > 0 else { break }
                initialized += received
            }
        }
        guard code == 0 else { throw Failure(message: "\(path): \(String(cString: strerror(code)))") }
        return bytes
    }

    private static func failure(_ path: String) -> Failure {
        Failure(message: "\(path): \(String(cString: strerror(errno)))")
    }
}

// Inside the type the name means its own function.
private func readPiece(_ descriptor: Int32, _ buffer: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}
