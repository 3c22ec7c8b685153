// SPDX-License-Identifier: Apache-2.0

/// A server that a program names as the one it wants to reach.
struct ConnectionTarget: Hashable {
    /// A DNS name or an IP address, without capitals.
    var host: String
    /// The port, if it is named.
    var port: Int?
    /// What stood before `://`, such as `postgres`.
    var scheme: String?

    /// Whether it is the pod itself.
    var isLocal: Bool {
        host == "localhost" || host == "::1" || host == "0.0.0.0" || host.hasPrefix("127.")
    }

    /// Whether the host is an IPv4 address.
    var isAddress: Bool { Self.isAddress(host) }

    /// As people write it.
    var description: String { port.map { "\(host):\($0)" } ?? host }

    static func isAddress(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }

    /// Reads one address as it stands in a setting: `host`, `host:port`, a URL, `jdbc:…://host:port/…`,
    /// `tcp(host:port)`.
    init?(setting: some StringProtocol) {
        var rest = Substring(setting)
        var scheme: String?
        if let mark = rest.firstBytes("://") {
            let before = rest[..<mark.lowerBound]
            scheme = before.split(separator: ":").last.map { $0.lowercased() }
            rest = rest[mark.upperBound...]
        }
        if let open = rest.firstBytes("("), rest.hasSuffix(")") || rest.hasBytes(")/") {
            rest = Substring(rest[open.upperBound...].utf8.prefix { $0 != UInt8(ascii: ")") })
        }
        rest = Substring(rest.utf8.prefix { !Self.pathMarks.contains($0) })
        if let at = rest.utf8.lastIndex(of: UInt8(ascii: "@")) { rest = Substring(rest.utf8[at...].dropFirst()) }
        self.init(word: rest, scheme: scheme)
    }

    /// What ends the server in a URL.
    private static let pathMarks = Array("/?#".utf8)

    /// Reads `host` or `host:port`.
    fileprivate init?(word: Substring, scheme: String? = nil) {
        let parts = word.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map {
            Substring($0)
        }
        guard (1...2).contains(parts.count), let host = Self.host(parts[0]) else { return nil }
        self.host = host
        self.scheme = scheme
        guard parts.count == 2 else { return }
        guard let port = Int(parts[1]), (1...65535).contains(port), parts[1].utf8.count <= 5 else { return nil }
        self.port = port
    }

    init(host: String, port: Int? = nil, scheme: String? = nil) {
        self.host = host
        self.port = port
        self.scheme = scheme
    }

    /// A host name by the rules of DNS, or an IPv4 address, without capitals and without a dot at its end.
    static func host(_ text: Substring) -> String? {
        let name = text.hasSuffix(".") ? text.dropLast() : text
        guard (1...253).contains(name.utf8.count) else { return nil }
        var hasLetter = false
        var previous = UInt8(ascii: ".")
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): hasLetter = true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): break
            case UInt8(ascii: "-"), UInt8(ascii: "."):
                guard previous != UInt8(ascii: ".") else { return nil }
            default: return nil
            }
            previous = byte
        }
        guard previous != UInt8(ascii: "-") else { return nil }
        let host = name.lowercased()
        return hasLetter || isAddress(host) ? host : nil
    }
}

extension ConnectionTarget {
    /// What stands in front of a number after a colon without being a host.
    private static let notHosts: Set<String> = [
        "line", "port", "column", "col", "code", "errno", "status", "pid", "at", "ipv4", "http", "https", "tcp", "udp",
        "error", "attempt", "timeout", "id", "thread", "version", "exit", "retry", "took", "count", "size",
        "user", "uid", "gid", "sha256", "sha1", "md5", "shard", "partition", "offset", "worker", "task", "step", "row",
    ]
    /// Ends of file names, which compilers and traces put in front of a line number.
    private static let fileEndings: Set<String> = [
        "go", "java", "py", "js", "mjs", "cjs", "ts", "tsx", "rb", "rs", "c", "cc", "cpp", "h", "hpp", "php", "kt",
        "scala", "cs", "swift", "conf", "cnf", "yaml", "yml", "json", "toml", "xml", "ini", "sh", "lua", "ex", "erl",
        "pl", "class", "jar", "properties", "sql", "so",
    ]

    /// The addresses with a port in a line, in their order; at most sixteen.
    static func all(in text: String) -> [ConnectionTarget] {
        var found: [ConnectionTarget] = []
        var words = words(in: text)[...]
        while let word = words.popFirst(), found.count < 16 {
            if word.utf8.contains(UInt8(ascii: ":")) {
                if word.hasBytes("://"), let target = ConnectionTarget(setting: word) {
                    if target.port != nil || target.scheme != nil { found.append(target) }
                    continue
                }
                // "10.0.0.9:40112->10.96.0.10:53": the first is the program's own end.
                var end = word
                while let arrow = end.firstBytes("->") { end = end[arrow.upperBound...] }
                if let target = withPort(end) { found.append(target) }
            } else if word == "port", var last = found.last ?? pending(text, before: word), last.port == nil,
                let port = words.first.flatMap({ Int($0) }), (1...65535).contains(port)
            {
                last.port = port
                if !found.isEmpty { found.removeLast() }
                found.append(last)
            }
        }
        return found
    }

    private static let separators = Set(" \t\"'`<>()[]{},;=|\\".utf8)

    private static func words(in text: String) -> [Substring] {
        text.utf8.split { separators.contains($0) }.map { Substring($0) }
    }

    /// `server at "db" (10.0.0.1), port 5432` and `host='db', port=80`: the name in quotes before the word.
    private static func pending(_ text: String, before word: Substring) -> ConnectionTarget? {
        let quotes = text[..<word.startIndex].split { "\"'".contains($0) }
        let marks = ["host=", "server at ", "host ", "server on ", "connect to "]
        for (index, part) in quotes.enumerated().dropLast().reversed() where marks.contains(where: part.hasSuffix) {
            if let host = host(quotes[index + 1]) { return ConnectionTarget(host: host) }
        }
        return nil
    }

    /// Reads `host:port`, also as `ipv4:host:port:` or `host:port/Interactive`.
    private static func withPort(_ word: Substring) -> ConnectionTarget? {
        var word = word.prefix { $0 != "/" }
        while let last = word.last, ":.!?".contains(last) { word.removeLast() }
        for prefix in ["ipv4:", "tcp:", "dns:"] where word.hasPrefix(prefix) { word = word.dropFirst(prefix.count) }
        guard let colon = word.lastIndex(of: ":"), let target = ConnectionTarget(word: word), target.port != nil else {
            return nil
        }
        let name = word[..<colon]
        // Java's and Go's own words have capitals; host names in Kubernetes have none.
        guard name == target.host, !notHosts.contains(target.host) else { return nil }
        let ending = target.host.split(separator: ".").last.map(String.init) ?? ""
        guard target.isAddress || !target.host.contains(".") || !fileEndings.contains(ending) else { return nil }
        return target
    }

    /// The name that stands nearest after a place in a line, such as that of a host which cannot be resolved; else the
    /// one before it.
    /// - Parameter offset: the place, in bytes.
    static func name(in text: String, near offset: Int) -> String? {
        let bytes = text.utf8
        guard let place = bytes.index(bytes.startIndex, offsetBy: offset, limitedBy: bytes.endIndex) else {
            return nil
        }
        let separators = " \t\"'`<>()[]{},;=|\\"
        let after = text[place...].prefix(300).split { separators.contains($0) }
        let before = text[..<place].suffix(300).split { separators.contains($0) }
        // "lookup db on 10.96.0.10:53: no such host", whichever sign was found.
        if let lookup = before.lastIndex(of: "lookup"), lookup + 1 < before.count,
            let target = cleaned(before[lookup + 1])
        {
            return target
        }
        // A name ends the phrase or begins what follows it; words of a sentence come later.
        for word in after.prefix(4) {
            if let name = cleaned(word), isLikelyHost(name) { return name }
        }
        for word in before.reversed().prefix(12) {
            if let name = cleaned(word), isLikelyHost(name),
                word.hasSuffix(":") || name.contains(".") || name.contains("-")
            {
                return name
            }
        }
        return nil
    }

    private static func cleaned(_ word: Substring) -> String? {
        var word = word
        if let mark = word.firstBytes("://") { word = word[mark.upperBound...] }
        word = word.prefix { !"/:".contains($0) }
        guard let host = host(word), host == word || host + "." == word else { return nil }
        return host
    }

    /// Words that programs put around a name.
    private static let fillers: Set<String> = [
        "host", "the", "name", "service", "for", "in", "on", "to", "dns", "address", "lookup", "error", "caused", "by",
        "nested", "exception", "is", "failed", "resolve", "hostname", "upstream", "server", "dial", "tcp", "udp", "not",
        "known", "servers", "from", "could", "be", "a", "an", "available", "client", "no", "node", "nodename",
        "provided",
        "or", "temporary", "failure", "resolution", "curl", "ping", "wget", "nginx", "java.net", "info", "warn",
        "errno",
        "and", "with", "http", "https", "unknown", "getaddrinfo", "error.", "returned", "query", "timeout", "of", "at",
        "read", "connect", "connection", "mysql", "syscall", "code", "while", "connecting", "trying", "again", "later",
    ]

    private static func isLikelyHost(_ name: String) -> Bool {
        !fillers.contains(name) && name.utf8.count > 1 && !(name.contains("_"))
            && !fileEndings.contains(name.split(separator: ".").last.map(String.init) ?? "")
            && !ConnectionTarget.isAddress(name)
    }
}
