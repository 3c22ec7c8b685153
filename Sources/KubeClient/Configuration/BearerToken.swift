// SPDX-License-Identifier: Apache-2.0

/// A token that can stand in a header.
struct BearerToken: Sendable, Hashable {
    /// The token without white space at its ends, which a file or a block scalar easily brings along.
    let text: String

    /// Checks a token.
    ///
    /// Anything but visible ASCII would be cut off, begin another header, or be refused without a reason.
    /// - Parameter origin: what the error calls it; the token itself is never in an error.
    init(_ token: String, from origin: String) throws(KubeError) {
        let token = token[...].trimmed
        guard !token.isEmpty else { throw KubeError(code: .configuration, message: "\(origin) is empty") }
        guard token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw KubeError(
                code: .configuration,
                message: "\(origin) is no token: it holds a space, a line break or another character that no token has"
            )
        }
        text = String(token)
    }

    /// Reads the file that holds a token.
    init(file path: String) throws(KubeError) {
        let bytes = try File.readRotating(path, for: "the bearer token")
        try self.init(String(decoding: bytes, as: UTF8.self), from: "\(path) (the bearer token)")
    }
}

extension BearerToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { "token" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}
