// SPDX-License-Identifier: Apache-2.0
public import JSON

/// The version of an API server.
///
/// It is compared by its two numbers; ``gitVersion`` says the rest.
public struct ServerVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The first number: 1.
    public var major: Int
    /// The second number, such as 31.
    public var minor: Int
    /// The whole version, such as `v1.31.2` or `v1.27.3-gke.100`.
    public var gitVersion: String
    /// The system and processor, such as `linux/amd64`; empty if the server does not say.
    public var platform: String

    /// Creates a version.
    public init(major: Int, minor: Int, gitVersion: String = "", platform: String = "") {
        self.major = major
        self.minor = minor
        self.gitVersion = gitVersion
        self.platform = platform
    }

    public static func < (left: Self, right: Self) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }

    /// Whether the server is of this version or a later one.
    public func isAtLeast(_ major: Int, _ minor: Int) -> Bool { (self.major, self.minor) >= (major, minor) }

    /// The whole version, or the two numbers.
    public var description: String { gitVersion.isEmpty ? "\(major).\(minor)" : gitVersion }
}

extension ServerVersion: JSONDecodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(major: 0, minor: 0)
        var words = (major: "", minor: "")
        let offset = reader.offset
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "major": try reader.read(into: &words.major)
            case "minor": try reader.read(into: &words.minor)
            case "gitVersion": try reader.read(into: &gitVersion)
            case "platform": try reader.read(into: &platform)
            default: try reader.skipValue()
            }
        }
        // Vendors write a minor version of "27+"; builds without release data leave both empty.
        let parts = gitVersion.drop { $0 == "v" }.split(separator: ".")
        guard let major = Self.number(words.major) ?? parts.first.flatMap({ Self.number(String($0)) }),
            let minor = Self.number(words.minor) ?? parts.dropFirst().first.flatMap({ Self.number(String($0)) })
        else {
            throw JSONError(code: .invalidValue, message: "this is not the version of a server", offset: offset)
        }
        self.major = major
        self.minor = minor
    }

    private static func number(_ word: String) -> Int? { Int(word.prefix { $0.isASCII && $0.isNumber }) }
}

extension KubernetesClient {
    /// Asks the server for its version.
    ///
    /// Every user may, on servers with default rights.
    public func serverVersion() async throws(KubeError) -> ServerVersion {
        try await send(Request(method: .get, path: "/version"))
    }
}
