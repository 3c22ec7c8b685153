// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// The routes that a gateway's configuration file holds.
///
/// Gateways write them in many forms. What they have in common: blocks, in each of which stand a path and the place
/// that requests for it are sent to. Both are read from lines such as `- Path=/api/a/**` and `uri: lb://a`, `location
/// /api/a {` and `proxy_pass http://a:8080;`, `prefix: /a` and `cluster: a`.
struct GatewayRoutes {
    /// One route.
    struct Route: Hashable {
        /// Its name, if it has one.
        var name: String
        /// The path, without the marks for "and what is beneath".
        var path: String
        /// Where requests for it are sent to.
        var target: ConnectionTarget
    }

    /// The most of one file that is read, in bytes.
    private static let maximumBytes = 256 << 10
    private static let maximumRoutes = 500

    private(set) var routes: [Route] = []
    private var name = ""
    private var path: String?
    private var target: ConnectionTarget?

    /// Reads a file.
    /// - Parameter variables: values for `${NAME}` and `${NAME:default}`.
    init(_ text: String, variables: [String: String] = [:]) {
        guard text.utf8.count <= Self.maximumBytes, text.contains("/") else { return }
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.prefix { $0 != "#" }.drop { $0 == " " || $0 == "\t" }
            guard !line.isEmpty else { continue }
            add(Self.replaced(line, variables))
            if routes.count >= Self.maximumRoutes { break }
        }
        finish()
    }

    private mutating func add(_ line: String) {
        let isItem = line.hasPrefix("- ")
        let words = (isItem ? line.dropFirst(2) : line[...]).split { " \t\"'`,;{}[]".contains($0) }
        guard let first = words.first else { return }
        // An item that has a name begins a route, and so does a location.
        if isItem, first == "id:" || first == "name:" || first == "match:" || first == "route:" {
            finish()
            if first == "id:" || first == "name:", words.count > 1 { name = String(words[1]) }
        } else if first == "location" {
            finish()
        }
        for (index, word) in words.enumerated() {
            if path == nil, let found = Self.path(word, after: index > 0 ? words[index - 1] : "") { path = found }
            if target == nil, let found = Self.target(word, after: index > 0 ? words[index - 1] : "") { target = found }
        }
    }

    private mutating func finish() {
        if let path, let target, !target.isLocal { routes.append(Route(name: name, path: path, target: target)) }
        name = ""
        path = nil
        target = nil
    }

    private static let pathKeys: Set<Substring> = [
        "prefix:", "path:", "location", "~", "^~", "=", "paths:", "-", "uri_prefix:",
    ]

    private static func path(_ word: Substring, after key: Substring) -> String? {
        var word = word
        for mark in ["Path=", "PathPrefix(", "Path("] where word.hasPrefix(mark) { word = word.dropFirst(mark.count) }
        guard word.hasPrefix("/"), word.count < word.base.count || pathKeys.contains(key) else { return nil }
        let parts = word.split(separator: "/").prefix { !$0.contains("*") && !$0.contains("(") }
        return parts.isEmpty ? nil : "/" + parts.joined(separator: "/")
    }

    private static let schemes: Set<String> = ["lb", "http", "https", "ws", "wss", "grpc", "h2c"]
    private static let targetKeys: Set<Substring> = [
        "uri:", "url:", "proxy_pass", "upstream:", "service:", "host:", "cluster:", "grpc_pass",
    ]

    private static func target(_ word: Substring, after key: Substring) -> ConnectionTarget? {
        guard targetKeys.contains(key), let target = ConnectionTarget(setting: word) else { return nil }
        if let scheme = target.scheme { return schemes.contains(scheme) ? target : nil }
        return ["service:", "cluster:", "host:", "upstream:"].contains(key) ? target : nil
    }

    /// Puts values in the place of `${NAME}`; of `${NAME:default}` and `${NAME:-default}` the default, if there is none.
    private static func replaced(_ line: Substring, _ variables: [String: String]) -> String {
        guard line.contains("${") else { return String(line) }
        var output = ""
        var rest = line
        while let start = rest.firstRange(of: "${") {
            output += rest[..<start.lowerBound]
            let inner = rest[start.upperBound...].prefix { $0 != "}" }
            let parts = inner.split(separator: ":", maxSplits: 1)
            let fallback = parts.count == 2 ? parts[1].drop { $0 == "-" } : ""
            output += variables[String(parts.first ?? "")] ?? String(fallback)
            rest = rest[inner.endIndex...].dropFirst()
        }
        return output + rest
    }
}
