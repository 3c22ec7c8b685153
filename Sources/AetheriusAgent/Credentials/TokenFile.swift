// SPDX-License-Identifier: Apache-2.0
import KubeClient

/// A file with a token, such as one from a Secret that is mounted.
enum TokenFile {
    /// The token in a file.
    /// - Throws: ``/KubeClient/KubeError`` if there is none.
    static func read(_ path: String) throws(KubeError) -> String {
        let bytes = try File.read(path, for: "the token to register with")
        let text = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
        guard !text.isEmpty else {
            throw KubeError(code: .configuration, message: "\(path) (the token to register with) is empty")
        }
        return text
    }
}
