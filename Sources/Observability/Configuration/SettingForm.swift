// SPDX-License-Identifier: Apache-2.0

/// Which values a setting can have.
public enum SettingForm: Sendable, Hashable {
    /// Any text that is not empty.
    case text
    /// A name as Kubernetes has it for namespaces (RFC 1123 label).
    case name
    /// Such names, with commas between them.
    case names
    /// `true` or `false`.
    case flag
    /// A whole number.
    case integer(ClosedRange<Int64>)
    /// A number that is not less than this.
    case number(Double)
    /// One of some words.
    case choice([String])
    /// Where to listen, or `0` for nowhere.
    case address
    /// A file or directory.
    case path
    /// An address of the web.
    case url

    /// What a value has to be, to follow the words "has to be".
    public var requirement: String {
        switch self {
        case .text: "a text"
        case .name: "the name of a namespace: at most 63 small letters, digits and dashes"
        case .names: "names of namespaces with commas between them"
        case .flag: "true or false"
        case .integer(let range): "a whole number between \(range.lowerBound) and \(range.upperBound)"
        case .number(let minimum): "a number of \(MetricsPage.number(minimum)) or more"
        case .choice(let words): "one of \(words.joined(separator: ", "))"
        case .address: "an address to listen at, such as :8080 or 127.0.0.1:8080, or 0 for none"
        case .path: "a path"
        case .url: "a URL that begins with http:// or https://"
        }
    }

    /// What stands for a value in the help.
    public var placeholder: String {
        switch self {
        case .text: "word"
        case .name: "namespace"
        case .names: "namespaces"
        case .flag: "true|false"
        case .integer, .number: "number"
        case .choice(let words): words.joined(separator: "|")
        case .address: "address"
        case .path: "path"
        case .url: "url"
        }
    }

    /// Reads a value; nil if the text is none.
    func value(of text: String) -> SettingValue? {
        switch self {
        case .text, .path: text.isEmpty ? nil : .text(text)
        case .name: Self.isName(text[...]) ? .text(text) : nil
        case .names: names(in: text)
        case .flag: text == "true" ? .flag(true) : text == "false" ? .flag(false) : nil
        case .integer(let range): Int64(text).flatMap { range.contains($0) ? .integer($0) : nil }
        case .number(let minimum): Double(text).flatMap { $0.isFinite && $0 >= minimum ? .number($0) : nil }
        case .choice(let words): words.contains(text) ? .text(text) : nil
        case .address: text == "0" || BindAddress(text) != nil ? .text(text) : nil
        case .url: Self.isURL(text) ? .text(text) : nil
        }
    }

    private func names(in text: String) -> SettingValue? {
        let names = text.split(separator: ",", omittingEmptySubsequences: false).map { name in
            name.filter { $0 != " " }
        }
        guard names.allSatisfy({ Self.isName($0[...]) }) else { return nil }
        return .list(names)
    }

    private static func isName(_ text: Substring) -> Bool {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
            default: false
            }
        }
        return isPlain && (1...63).contains(text.utf8.count) && !text.hasPrefix("-") && !text.hasSuffix("-")
    }

    private static func isURL(_ text: String) -> Bool {
        guard let scheme = ["http://", "https://"].first(where: { text.hasPrefix($0) }) else { return false }
        return text.count > scheme.count && !text.contains(where: { $0.isWhitespace || !$0.isASCII })
    }
}

/// A value that a setting has.
public enum SettingValue: Sendable, Hashable {
    /// A text, path, name, address or word.
    case text(String)
    /// A whole number.
    case integer(Int64)
    /// A number.
    case number(Double)
    /// Yes or no.
    case flag(Bool)
    /// Several names.
    case list([String])
}
