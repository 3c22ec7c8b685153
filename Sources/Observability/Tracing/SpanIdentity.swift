// SPDX-License-Identifier: Apache-2.0
import Tracing

/// What tells a span from all others, in W3C's sense (Trace Context, level 1).
struct SpanIdentity: Sendable, Hashable {
    /// The header that passes an identity on.
    static let header = "traceparent"

    /// 32 hexadecimal digits, not all zero.
    let trace: String
    /// 16 hexadecimal digits, not all zero.
    let span: String

    init(trace: String, span: String) {
        self.trace = trace
        self.span = span
    }

    /// A span inside another one, or the first one of a trace.
    init(childOf parent: SpanIdentity?) {
        self.init(trace: parent?.trace ?? Self.digits() + Self.digits(), span: Self.digits())
    }

    /// Reads the value of the header; nil if it is none.
    init?(header: String) {
        let parts = header.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0].count == 2, parts[0] != "ff", Self.isIdentity(parts[1], 32),
            Self.isIdentity(parts[2], 16)
        else { return nil }
        self.init(trace: String(parts[1]), span: String(parts[2]))
    }

    /// The value of the header; the trace is recorded.
    var headerValue: String { "00-\(trace)-\(span)-01" }

    private static func isIdentity(_ text: Substring, _ count: Int) -> Bool {
        text.utf8.count == count && text.contains { $0 != "0" }
            && text.utf8.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || ($0 >= 0x61 && $0 <= 0x66) }
    }

    private static func digits() -> String {
        let text = String(UInt64.random(in: 1 ... .max), radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}

private enum SpanIdentityKey: InstrumentationContextKey {
    typealias Value = SpanIdentity
    static let nameOverride: String? = "aetherius-span"
}

extension InstrumentationContext {
    /// The span that work is done for.
    var span: SpanIdentity? {
        get { self[SpanIdentityKey.self] }
        set { self[SpanIdentityKey.self] = newValue }
    }
}
