// SPDX-License-Identifier: Apache-2.0
import JSON

extension Schema.Node {
    /// Values around every bound that the node states, and texts of many shapes for those with a pattern.
    var probes: [JSONValue] {
        switch schema["type"]?.stringValue {
        case "integer", "number": numbers
        case "string" where schema["format"]?.stringValue == "date-time": []
        case "string": texts.map { .string($0) }
        default: []
        }
    }

    private var numbers: [JSONValue] {
        guard schema["type"] == "integer" else { return [0, 1, 0.5, -0.25, 1.25] }
        let bounds = [schema["minimum"], schema["maximum"]].compactMap { $0?.integerValue }
        return bounds.flatMap { bound in [bound - 1, bound, bound + 1] }.map { .integer($0) }
    }

    private var texts: [String] {
        let bounds = [schema["minLength"], schema["maxLength"]].compactMap { $0?.integerValue }
        // é is one character and two bytes: it tells whether lengths are counted as the server counts them.
        let sizes = bounds.flatMap { [$0 - 1, $0, $0 + 1] }.filter { $0 >= 0 }
        let sized = sizes.flatMap { size in ["a", "A", "0", "é"].map { String(repeating: $0, count: Int(size)) } }
        return sized + Self.shapes + (schema["enum"]?.arrayValue ?? []).compactMap(\.stringValue)
    }

    private static let shapes = [
        "", "a", "A", "0", "-", "*", "a-b", "-a", "a-", "a.b", ".a", "a_b", "A_b", "a b", "a\nb", "a/b", "A/b", "/a",
        "a/", "a/b/c", "a:b", "Ab", "AbC9", "aB", "é", "a,b", "a\tb", "a\u{b}b", "a_", "_a", "v1", "v", "apps/v1",
        "apps/v", "Apps/v1", "a.b/v1", "-a/v1", "x/y/v1", "https://", "https://a", "http://a", "socks5://a",
        "ftp://a", "https://a b", "shop-*", "*-shop", "sh*p", "**", "Deployment/cart", "deployment/cart",
        "Deployment/", "Deployment/a/b", "get_logs", "GET_LOGS", "0.50", "0.", ".5", "1.23456", "1234567",
        "123456.1234", "-1", "1e3", "100m", "128Mi", "128Mib", "0.5", "5.", "+5", "1E-3", "1E", "i", "Ki", "1k", "1K",
        "1Ei", "abcdef0123456789", "ABCDEF", Maximal.sha256, Maximal.sha256.uppercased(),
    ]

    /// Whether the node's schema allows a value; nil if this test cannot tell.
    func allows(_ value: JSONValue) throws -> Bool? {
        if let words = schema["enum"]?.arrayValue { return words.contains(value) }
        switch value {
        case .integer(let number): return try isInBounds(Double(number))
        case .double(let number): return try isInBounds(number)
        case .string(let text):
            if schema["format"]?.stringValue == "byte" { return nil }
            let count = Int64(text.unicodeScalars.count)
            if let least = schema["minLength"]?.integerValue, count < least { return false }
            if let most = schema["maxLength"]?.integerValue, count > most { return false }
            guard let pattern = schema["pattern"]?.stringValue else { return true }
            let regex = try Regex(Self.translated(pattern)).matchingSemantics(.unicodeScalar)
            return text.wholeMatch(of: regex) != nil
        default: return nil
        }
    }

    /// RE2's `\s` is five ASCII characters; Swift's is Unicode's idea of white space.
    private static func translated(_ pattern: String) -> String {
        pattern.replacing("[^\\s]", with: "[^\\t\\n\\f\\r ]").replacing("[^/\\s]", with: "[^/\\t\\n\\f\\r ]")
    }

    private func isInBounds(_ number: Double) throws -> Bool {
        func bound(_ name: String) -> Double? {
            switch schema[name] {
            case .integer(let bound)?: Double(bound)
            case .double(let bound)?: bound
            default: nil
            }
        }
        return number >= bound("minimum") ?? -.infinity && number <= bound("maximum") ?? .infinity
    }
}
