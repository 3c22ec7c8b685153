// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import KubeClient
import KubeTesting

/// Writes ConfigMaps directly at the API server: which ones, and what happens to them, is decided by a seed.
struct SoakWriter: Sendable {
    /// The label by which some informers select, and its value that they want.
    static let label = "shard"
    static let selected = "a"

    let maps: ResourceClient<SoakMap>
    /// Whose names these are; writers do not share names.
    let prefix: String
    private let nameCount: Int
    private var random: SeededGenerator
    private var present: Set<String> = []
    private var revision = 0

    init(maps: ResourceClient<SoakMap>, seed: UInt64, prefix: String, nameCount: Int) {
        self.maps = maps
        self.prefix = prefix
        self.nameCount = nameCount
        random = SeededGenerator(seed: seed, part: "writer \(prefix)")
    }

    /// Writes once, or twice where an object is replaced by another one of its name.
    ///
    /// A server that is away, or an answer that is lost, is no failure: a later write finds out what is there.
    /// - Returns: whether the server has answered.
    mutating func write() async throws(KubeError) -> Bool {
        let name = "\(prefix)-\(Int.random(in: 0..<nameCount, using: &random))"
        let choice = Int.random(in: 0..<10, using: &random)
        do throws(KubeError) {
            guard present.contains(name) else {
                try await create(name)
                return true
            }
            switch choice {
            case 0, 1: try await delete(name)
            case 2, 3:
                try await delete(name)
                try await create(name)
            default: try await update(name)
            }
            return true
        } catch {
            switch error.code {
            case .alreadyExists: present.insert(name)
            case .notFound: present.remove(name)
            case .connection, .unavailable, .serverTimeout, .deadlineExceeded, .internalError, .tooManyRequests:
                return false
            default: throw error
            }
            return true
        }
    }

    private mutating func create(_ name: String) async throws(KubeError) {
        let (labels, data) = content()
        _ = try await maps.create(SoakMap(name, labels: labels, data: data))
        present.insert(name)
    }

    private mutating func update(_ name: String) async throws(KubeError) {
        let (labels, data) = content()
        _ = try await maps.patch(name, .merge(SoakMap(name, labels: labels, data: data)))
    }

    private mutating func delete(_ name: String) async throws(KubeError) {
        try await maps.delete(name)
        present.remove(name)
    }

    private mutating func content() -> (labels: [String: String], data: [String: String]) {
        revision += 1
        let shard = Int.random(in: 0..<4, using: &random) == 0 ? "b" : Self.selected
        let size = Int.random(in: 0..<1000, using: &random)
        return (
            labels: [Self.label: shard],
            data: ["revision": "\(revision)", "text": String(repeating: "x", count: size)]
        )
    }
}
