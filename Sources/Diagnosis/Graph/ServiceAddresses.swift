// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// Finds the names of Services in configuration.
///
/// A name alone is also an ordinary word: `cache: redis` says nothing about a Service called redis. It counts only in
/// the form of an address: with a port, a scheme or a namespace, or as the whole value of a setting that is called
/// like one.
struct ServiceAddresses {
    /// How much of one value is searched, in bytes.
    static let maximumText = 16 << 10
    /// How many Services one text may name.
    static let maximumNames = 100

    private var namespaces: [String: Set<String>] = [:]

    mutating func add(_ name: String, in namespace: String) { namespaces[namespace, default: []].insert(name) }

    /// The Service that a host name with a namespace in it means.
    ///
    /// A Service need not exist to be meant, but its namespace has to have some; otherwise `example.com` would be one.
    func qualified(_ host: some StringProtocol) -> ObjectReference? {
        let parts = host.split(separator: ".", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count >= 2, let services = namespaces[String(parts[1])] else { return nil }
        let isNamed = services.contains(String(parts[0]))
        guard isNamed || (parts.count >= 3 && parts[2] == "svc") else { return nil }
        return EvidenceGraph.core("Service", String(parts[1]), String(parts[0]))
    }

    /// The Services whose addresses stand in a text.
    /// - Parameters:
    ///   - setting: what the text is the value of, such as `REDIS_ADDR`; empty if that is not known.
    ///   - namespace: where a name without one is looked for.
    func named(in text: String, of setting: String = "", from namespace: String) -> [ObjectReference] {
        guard !namespaces.isEmpty else { return [] }
        let local = namespaces[namespace] ?? []
        if Self.isAddress(setting), local.contains(text) { return [EvidenceGraph.core("Service", namespace, text)] }
        var found: [ObjectReference] = []
        let bytes = Array(text.utf8.prefix(Self.maximumText))
        var start = 0
        while start < bytes.count, found.count < Self.maximumNames {
            guard Self.isOfName(bytes[start]) else {
                start += 1
                continue
            }
            var end = start
            while end < bytes.count, Self.isOfName(bytes[end]) { end += 1 }
            let host = String(decoding: bytes[start..<end], as: UTF8.self)
            let isUnderScheme = start >= 3 && bytes[(start - 3)..<start].elementsEqual("://".utf8)
            let isAfterUser = start >= 1 && bytes[start - 1] == UInt8(ascii: "@")
            let hasPort =
                end + 1 < bytes.count && bytes[end] == UInt8(ascii: ":")
                && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[end + 1])
            if let service = qualified(host) {
                found.append(service)
            } else if isUnderScheme || isAfterUser || hasPort, local.contains(host) {
                found.append(EvidenceGraph.core("Service", namespace, host))
            }
            start = end
        }
        return found
    }

    /// Whether a setting is called like an address.
    private static func isAddress(_ setting: String) -> Bool {
        let words = setting.lowercased().split { !$0.isLetter && !$0.isNumber }
        return words.contains { word in
            ["addr", "address", "host", "hostname", "server", "servers", "url", "uri", "endpoint", "service", "broker"]
                .contains { word.hasSuffix($0) }
        }
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
            UInt8(ascii: "."):
            true
        default: false
        }
    }
}
