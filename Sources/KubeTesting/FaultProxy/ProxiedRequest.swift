// SPDX-License-Identifier: Apache-2.0

/// A request as it came from the client.
struct ProxiedRequest: Sendable {
    var method = ""
    /// The path and the query, as they are on the wire.
    var target = ""
    /// The headers, their names in small letters.
    var headers: [String: String] = [:]
    var body: [UInt8] = []

    /// The client's name.
    var client: String { headers["user-agent"] ?? "" }

    /// Whether the request names a version that the answer must not be older than.
    var namesVersion: Bool { parameter("resourceVersion") != nil }

    var kind: FaultProxy.RequestKind {
        guard method == "GET" else { return .write }
        guard isForCollection else { return .other }
        switch parameter("watch") {
        case "true", "1": return .watch
        default: return parameter("continue") == nil ? .list : .page
        }
    }

    /// Reads the next request; nil once the client has gone, or sends what is no request.
    /// - Parameter rest: what has been read after the request before.
    init?(from socket: LoopbackSocket, _ rest: inout [UInt8]) {
        var end = Self.endOfHead(rest, from: 0)
        while end == nil {
            let searched = max(0, rest.count - 3)
            guard let piece = socket.receive(), rest.count < 1 << 20 else { return nil }
            rest += piece
            end = Self.endOfHead(rest, from: searched)
        }
        guard let end, readHead(rest[..<end]) else { return nil }
        let count = headers["content-length"].flatMap { Int($0) } ?? 0
        while rest.count < end + 4 + count {
            guard let piece = socket.receive() else { return nil }
            rest += piece
        }
        body = Array(rest[(end + 4)..<(end + 4 + count)])
        rest.removeFirst(end + 4 + count)
    }

    private mutating func readHead(_ bytes: ArraySlice<UInt8>) -> Bool {
        for (index, line) in String(decoding: bytes, as: UTF8.self).split(separator: "\r\n").enumerated() {
            if index == 0 {
                let words = line.split(separator: " ")
                guard words.count == 3 else { return false }
                method = String(words[0])
                target = String(words[1])
            } else if let colon = line.firstIndex(of: ":") {
                let value = line[line.index(after: colon)...].drop { $0 == " " }
                headers[line[..<colon].lowercased()] = String(value)
            }
        }
        return !method.isEmpty
    }

    private static func endOfHead(_ bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return (start...(bytes.count - 4)).first { bytes[$0...].starts(with: "\r\n\r\n".utf8) }
    }

    /// The value of a query parameter, as it is on the wire; nil if it is missing or empty.
    private func parameter(_ name: String) -> Substring? {
        guard let mark = target.firstIndex(of: "?") else { return nil }
        for pair in target[target.index(after: mark)...].split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            if parts.count == 2, parts[0] == name { return parts[1] }
        }
        return nil
    }

    /// Whether the path ends with the plural of a kind: `…/v1/pods` or `…/v1/namespaces/NAME/pods`.
    private var isForCollection: Bool {
        let segments = target.prefix { $0 != "?" }.split(separator: "/")
        let prefix = segments.first == "api" ? 2 : segments.first == "apis" ? 3 : Int.max
        guard segments.count > prefix else { return false }
        let count = segments.count - prefix
        return count == 1 || count == 3 && segments[prefix] == "namespaces"
    }
}
