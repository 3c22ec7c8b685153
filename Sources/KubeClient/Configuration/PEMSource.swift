// SPDX-License-Identifier: Apache-2.0

/// Where certificates or a key in PEM form come from.
public enum PEMSource: Sendable, Hashable {
    /// The bytes themselves.
    case data([UInt8])
    /// A file with this absolute or relative name.
    ///
    /// It is read for each request, so that a certificate that was replaced is used without a restart.
    case file(String)

    /// The present bytes.
    /// - Throws: ``KubeError`` with ``KubeError/Code/configuration``, which names the file.
    package func read(for purpose: String) throws(KubeError) -> [UInt8] {
        switch self {
        case .data(let bytes): bytes
        case .file(let path): try File.readRotating(path, for: purpose)
        }
    }

    /// The present bytes, which have to hold a block of this kind.
    /// - Throws: ``KubeError`` with ``KubeError/Code/configuration``, which names the file or the purpose.
    package func read(_ block: PEMBlock, for purpose: String) throws(KubeError) -> [UInt8] {
        let bytes = try read(for: purpose)
        if case .file(let path) = self {
            try block.check(bytes, "\(path) (\(purpose))")
        } else {
            try block.check(bytes, purpose)
        }
        return bytes
    }
}

// The bytes may be a key, which nobody wants in a log.
extension PEMSource: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The file's name, or how many bytes there are.
    public var description: String {
        switch self {
        case .data(let bytes): "\(bytes.count) bytes"
        case .file(let path): path
        }
    }
    /// The file's name, or how many bytes there are.
    public var debugDescription: String { description }
    /// No parts.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
