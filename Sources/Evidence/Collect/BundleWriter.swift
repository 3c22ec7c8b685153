// SPDX-License-Identifier: Apache-2.0
import Archive
import KubeAPI

/// A file that is to become part of a bundle.
struct NewFile {
    var path: [String]
    var content: [UInt8]
}

/// Writes files into a `tar.gz`, and keeps none of them.
struct BundleWriter {
    private let made: Int
    private let write: ([UInt8]) throws -> Void
    private var gzip = GzipWriter()

    /// - Parameter write: takes the bytes of the archive.
    init(_ made: Timestamp, _ write: @escaping ([UInt8]) throws -> Void) {
        self.made = Int(made.seconds)
        self.write = write
    }

    mutating func add(_ files: [NewFile]) throws { for file in files { try add(file.path, file.content) } }

    mutating func add(_ path: [String], _ content: [UInt8]) throws {
        try put(gzip.write(TarWriter.entry(path.joined(separator: "/"), content, modified: made)))
    }

    mutating func finish() throws {
        try put(gzip.write(TarWriter.end))
        try put(gzip.finish())
    }

    private func put(_ bytes: [UInt8]) throws { if !bytes.isEmpty { try write(bytes) } }
}
