// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import KubeClient
import KubeTesting

/// What a cluster's kube-apiserver and etcd count of themselves.
struct ServerCounts {
    private static let writing: Set<String> = ["POST", "PUT", "PATCH", "APPLY", "DELETE", "DELETECOLLECTION"]

    /// Requests that write, by resource, since the server's start.
    var writes: [String: Double]
    /// Size of etcd's file, in bytes.
    var databaseBytes: Double
    /// What of it is in use.
    var usedBytes: Double

    /// All requests that write.
    var allWrites: Double { writes.values.reduce(0, +) }

    static func read(_ cluster: TestCluster) async throws -> ServerCounts {
        let text = String(decoding: try await cluster.client.get(path: "/metrics"), as: UTF8.self)
        var writes: [String: Double] = [:]
        for line in text.split(separator: "\n") where line.hasPrefix("apiserver_request_total{") {
            guard let verb = label("verb", of: line), writing.contains(verb), let number = value(of: line) else {
                continue
            }
            writes[label("resource", of: line) ?? "", default: 0] += number
        }
        let etcd = try await etcdMetrics(cluster)
        return ServerCounts(
            writes: writes,
            databaseBytes: try gauge("etcd_mvcc_db_total_size_in_bytes", in: etcd),
            usedBytes: try gauge("etcd_mvcc_db_total_size_in_use_in_bytes", in: etcd)
        )
    }

    /// What of etcd's file is in use, in bytes.
    static func usedBytes(_ cluster: TestCluster) async throws -> Double {
        try gauge("etcd_mvcc_db_total_size_in_use_in_bytes", in: try await etcdMetrics(cluster))
    }

    private static func etcdMetrics(_ cluster: TestCluster) async throws -> String {
        let file = cluster.certificates.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/state"
        let state = try String(contentsOf: URL(filePath: file), encoding: .utf8)
        // A start that was tried again has left the address of its first try, too.
        guard let line = state.split(separator: "\n").last(where: { $0.hasPrefix("etcd=") }) else {
            throw BenchmarkError(message: "\(file) does not say where etcd is")
        }
        return try await HTTPAnswer.of("\(line.dropFirst("etcd=".count))/metrics").body
    }

    private static func gauge(_ name: String, in text: String) throws -> Double {
        // The last line of curl's answer ends as the others do.
        guard let line = text.split(whereSeparator: \.isNewline).first(where: { $0.hasPrefix("\(name) ") }),
            let number = value(of: line)
        else { throw BenchmarkError(message: "etcd does not tell \(name)") }
        return number
    }

    private static func label(_ name: String, of line: Substring) -> String? {
        let start = "\(name)=\""
        let part = line.split(whereSeparator: { "{,".contains($0) }).first { $0.hasPrefix(start) }
        return part.map { String($0.dropFirst(start.count).prefix { $0 != "\"" }) }
    }

    private static func value(of line: Substring) -> Double? { line.split(separator: " ").last.flatMap { Double($0) } }
}
