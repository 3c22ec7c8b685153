// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import Redaction

/// Text of a cluster in the form in which it may leave the cluster.
enum SafeText {
    /// The longest text that is looked at; what is longer says the same at its beginning.
    private static let maximumLooked = 4096

    /// A text without what looks like a credential, on one line, cut to the length that a status has room for.
    static func of(_ text: String, bytes: Int = 256) -> String {
        // Redacted before it is cut: half of a credential is not known as one.
        let clean = Redaction.redact(text.bounded(toUTF8: maximumLooked))
        let line = clean.split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.bounded(toUTF8: bytes)
    }
}
