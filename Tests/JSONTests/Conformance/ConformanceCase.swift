// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

/// One text of the kinds that the public JSON conformance suites try, and what strict mode makes of it.
struct ConformanceCase: Sendable, CustomTestStringConvertible {
    enum Verdict: Sendable, Hashable {
        /// It is read, and written again as this text.
        case accept(as: String)
        /// It is refused with this code.
        case refuse(JSONError.Code)
    }

    /// The text, in the notation of ``bytes(_:)``.
    let notation: String
    let verdict: Verdict
    /// Why, where RFC 8259 leaves the answer to the reader; nil where it does not.
    let choice: String?

    var bytes: [UInt8] { JSONTests.bytes(notation) }
    var testDescription: String { notation.count > 60 ? "\(notation.prefix(60))…" : notation }

    static func accept(_ notation: String, as written: String? = nil) -> Self {
        let text = String(decoding: JSONTests.bytes(written ?? notation), as: UTF8.self)
        return Self(notation: notation, verdict: .accept(as: text), choice: nil)
    }

    static func refuse(_ notation: String, _ code: JSONError.Code = .unexpectedByte) -> Self {
        Self(notation: notation, verdict: .refuse(code), choice: nil)
    }

    static func choose(_ verdict: Verdict, _ notation: String, because choice: String) -> Self {
        Self(notation: notation, verdict: verdict, choice: choice)
    }
}
