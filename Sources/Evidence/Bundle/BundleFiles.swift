// SPDX-License-Identifier: Apache-2.0
import Archive

/// A file of a bundle.
struct BundleFile {
    /// The parts of its path within the bundle.
    var path: [String]
    /// How long it is.
    var size: Int
    fileprivate var place: Place

    fileprivate enum Place {
        case onDisk(String)
        case inArchive(Range<Int>)
    }

    /// Its name.
    var name: String { path.last ?? "" }
    /// The path as one text.
    var title: String { path.joined(separator: "/") }
}

/// The files of a bundle: a directory, or an archive of one.
struct BundleFiles {
    let files: [BundleFile]
    /// What was passed over, and why.
    let skipped: [String]
    private let archive: [UInt8]

    /// Lists the files of a bundle.
    init(_ path: String, limits: BundleEvidence.Limits) throws(EvidenceError) {
        do {
            if try FileSystem.isDirectory(path) {
                var walk = DirectoryWalk(limits: limits)
                try walk.enter(path, [])
                files = walk.files
                skipped = walk.skipped
                archive = []
            } else {
                var bytes = try FileSystem.read(path, maximumBytes: limits.fileBytes)
                if Gzip.isGzip(bytes) { bytes = try Gzip.unpack(bytes) }
                var tarLimits = TarReader.Limits()
                tarLimits.entries = limits.entries
                files = try TarReader.entries(of: bytes, limits: tarLimits).map { entry in
                    BundleFile(
                        path: entry.path.split(separator: "/").map(String.init),
                        size: entry.range.count,
                        place: .inArchive(entry.range)
                    )
                }
                skipped = []
                archive = bytes
            }
        } catch {
            throw EvidenceError(code: .unreadableBundle, message: "bundle \(path) is not read: \(error)", cause: error)
        }
    }

    /// The content of a file, or its end.
    func read(_ file: BundleFile, last count: Int? = nil, maximumBytes: Int = .max) throws -> [UInt8] {
        switch file.place {
        case .onDisk(let path): return try FileSystem.read(path, last: count, maximumBytes: maximumBytes)
        case .inArchive(let range):
            let start = count.map { max(range.lowerBound, range.upperBound - $0) } ?? range.lowerBound
            return Array(archive[start..<range.upperBound])
        }
    }
}

/// Finds the files of a directory without following links.
private struct DirectoryWalk {
    let limits: BundleEvidence.Limits
    var files: [BundleFile] = []
    var skipped: [String] = []
    private var count = 0

    init(limits: BundleEvidence.Limits) { self.limits = limits }

    mutating func enter(_ directory: String, _ path: [String]) throws {
        // In the same order on every file system: the same bundle has to give the same answer.
        for name in try FileSystem.names(in: directory).sorted() where !name.hasPrefix(".") {
            count += 1
            let inner = path + [name]
            guard count <= limits.entries else {
                throw FileSystem.Failure(message: "it has more than \(limits.entries) entries")
            }
            let place = "\(directory)/\(name)"
            switch try FileSystem.kind(of: place) {
            case .directory:
                guard inner.count <= limits.depth else {
                    skipped.append("\(inner.joined(separator: "/")) is nested in more than \(limits.depth) directories")
                    continue
                }
                try enter(place, inner)
            case .file(let size): files.append(BundleFile(path: inner, size: size, place: .onDisk(place)))
            case .other: skipped.append("\(inner.joined(separator: "/")) is no file and no directory")
            }
        }
    }
}
