// SPDX-License-Identifier: Apache-2.0

/// The routes that a gateway has in a configuration file: which paths lead to which hosts.
///
/// It is read line by line in the forms of Spring Cloud Gateway (`id`, `uri`, `Path=`) and of nginx (`location`,
/// `proxy_pass`). What it does not understand it leaves out.
struct RoutingTable {
    struct Entry: Hashable {
        /// What the route is called; empty if it has no name.
        var name = ""
        /// The host that it leads to, without scheme and port.
        var host = ""
    }

    private static let maximumLines = 20_000
    private static let maximumEntries = 2000

    private(set) var entries: [Entry] = []

    init(_ text: String) {
        guard ["uri:", "proxy_pass"].contains(where: text.contains) else { return }
        var name = ""
        for line in text.split(whereSeparator: \.isNewline).prefix(Self.maximumLines) {
            let words = line.split { $0.isWhitespace || "\"';".contains($0) }.filter { $0 != "{" }
            // A list's dash stands before whichever key comes first.
            let fields = words.first == "-" ? words.dropFirst() : words[...]
            guard let key = fields.first, key.first != "#", fields.count > 1 else { continue }
            let value = fields[fields.index(after: fields.startIndex)]
            switch key {
            case "id:": name = String(value)
            case "location": name = fields.last.map { Self.name(ofPath: $0) } ?? ""
            case "uri:", "proxy_pass":
                let host = Self.host(value)
                if !host.isEmpty { entries.append(Entry(name: name, host: host)) }
                name = ""
            default: break
            }
            if entries.count >= Self.maximumEntries { return }
        }
    }

    /// `/api/cart/` → `cart`; what is not a plain word has no name.
    private static func name(ofPath path: Substring) -> String {
        let parts = path.split(separator: "/").filter { part in
            !["api", "v1", "v2", "v3", "*", "**"].contains(part)
        }
        let isPlain = parts.first?.allSatisfy { $0.isLetter || $0.isNumber || "-_".contains($0) } ?? false
        return isPlain ? String(parts[0]) : ""
    }

    /// `lb://cart`, `http://${CART_HOST:cart}:8080/x` → `cart`.
    private static func host(_ address: Substring) -> String {
        guard let start = address.firstRange(of: "://")?.upperBound else { return "" }
        var rest = address[start...]
        if rest.hasPrefix("${") {
            // Without a default somebody else decides.
            guard let colon = rest.firstIndex(of: ":"), let end = rest.firstIndex(of: "}"), colon < end else {
                return ""
            }
            rest = rest[rest.index(after: colon)..<end]
            if rest.first == "-" { rest = rest.dropFirst() }
        }
        let host = rest.prefix { $0.isLetter || $0.isNumber || "-.".contains($0) }
        return host.contains { $0.isLetter } ? String(host) : ""
    }
}
