// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeTesting

/// Writes ConfigMaps: which ones, and what happens to them, is decided by a seed.
struct SoakWriter: Sendable {
    /// The label by which some informers select, and its value that they want.
    static let label = "shard"
    static let selected = "a"

    /// What a writer knows of an object.
    private enum Knowledge: Equatable {
        case absent
        case present(revision: String)
        /// A write may or may not have taken effect.
        case uncertain
    }

    let maps: ResourceClient<SoakMap>
    /// Whose names these are; writers do not share names.
    let prefix: String
    /// How often a server has answered.
    private(set) var count = 0
    private let nameCount: Int
    private var random: SeededGenerator
    private var known: [String: Knowledge] = [:]
    /// The names of objects of which a write was given up: it may take effect at any time.
    private var lost: Set<String> = []
    private var revision = 0

    init(maps: ResourceClient<SoakMap>, seed: UInt64, prefix: String, nameCount: Int) {
        self.maps = maps
        self.prefix = prefix
        self.nameCount = nameCount
        random = SeededGenerator(seed: seed, part: "writer \(prefix)")
    }

    /// Writes for as long as it has to.
    func writing(
        while isNeeded: @Sendable (_ count: Int) -> Bool,
        before: @Sendable (_ count: Int) throws -> Void = { _ in }
    ) async throws -> SoakWriter {
        var writer = self
        while isNeeded(writer.count) {
            try before(writer.count)
            if try await !writer.write() { try await Task.sleep(for: .milliseconds(20)) }
        }
        return writer
    }

    /// Writes once, or twice where an object is replaced by another one of its name.
    ///
    /// A server that is away, or an answer that is lost, is no failure: a later write finds out what is there.
    /// - Returns: whether the server has answered.
    mutating func write() async throws(KubeError) -> Bool {
        let name = "\(prefix)-\(Int.random(in: 0..<nameCount, using: &random))"
        let choice = Int.random(in: 0..<10, using: &random)
        do throws(KubeError) {
            if known[name, default: .absent] == .absent {
                try await create(name)
            } else if choice < 4 {
                try await delete(name)
                if choice > 1 { try await create(name) }
            } else {
                try await update(name)
            }
            count += 1
            return true
        } catch {
            return try learn(from: error, about: name)
        }
    }

    /// What was written, and acknowledged, but is not there; or is there, although it was not.
    func problems(comparedWith truth: [SoakMap]) -> [String] {
        let present = Dictionary(truth.map { ($0.metadata.name, $0) }) { first, _ in first }
        return known.sorted { $0.key < $1.key }.compactMap { name, knowledge in
            let found = present[name]?.data["revision"]
            switch knowledge {
            case _ where lost.contains(name): return nil
            case .absent where found != nil: return "\(name) was deleted, and is there"
            case .present(let revision) where found != revision:
                return "\(name) was written at revision \(revision), and is at \(found ?? "none")"
            default: return nil
            }
        }
    }

    private mutating func learn(from error: KubeError, about name: String) throws(KubeError) -> Bool {
        switch error.code {
        case .alreadyExists: known[name] = .uncertain
        case .notFound: known[name] = .absent
        case .deadlineExceeded, .cancelled:
            known[name] = .uncertain
            lost.insert(name)
            return false
        case .connection:
            if error.isOutcomeUnknown { known[name] = .uncertain }
            return false
        case .unavailable, .serverTimeout, .internalError:
            known[name] = .uncertain
            return false
        // It was refused before anything was done.
        case .tooManyRequests: return false
        default: throw error
        }
        count += 1
        return true
    }

    private mutating func create(_ name: String) async throws(KubeError) {
        let map = makeMap(name)
        let maps = maps
        _ = try await impatiently(.seconds(5)) { try await maps.create(map) }
        known[name] = .present(revision: "\(revision)")
    }

    private mutating func update(_ name: String) async throws(KubeError) {
        let map = makeMap(name)
        let maps = maps
        _ = try await impatiently(.seconds(5)) { try await maps.patch(name, .merge(map)) }
        known[name] = .present(revision: "\(revision)")
    }

    private mutating func delete(_ name: String) async throws(KubeError) {
        let maps = maps
        try await impatiently(.seconds(5)) { _ = try await maps.delete(name) }
        known[name] = .absent
    }

    private mutating func makeMap(_ name: String) -> SoakMap {
        revision += 1
        let shard = Int.random(in: 0..<4, using: &random) == 0 ? "b" : Self.selected
        let size = Int.random(in: 0..<1000, using: &random)
        return SoakMap(
            name,
            labels: [Self.label: shard],
            data: ["revision": "\(revision)", "text": String(repeating: "x", count: size)]
        )
    }
}
