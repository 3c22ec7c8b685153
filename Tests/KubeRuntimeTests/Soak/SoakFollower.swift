// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime
import KubeTesting

/// An informer behind a proxy, with a quick handler, a slow one, and one that comes late.
struct SoakFollower: Sendable {
    let name: String
    let informer: Informer<SoakMap>
    let labelSelector: String?
    let early: SoakRecorder
    let slow: SoakRecorder
    let late: SoakRecorder

    init(_ name: String, _ proxy: FaultProxy, namespace: String, _ configuration: ReflectorConfiguration) throws {
        self.name = name
        labelSelector = configuration.labelSelector
        let client = try KubernetesClient(configuration: proxy.configuration(client: name), rateLimiter: nil)
        var configuration = configuration
        configuration.backoff = Backoff(initial: .milliseconds(20), limit: .milliseconds(300))
        informer = Informer(
            SoakSource(
                resources: client.resources(SoakMap.self, namespace: namespace)
            ),
            configuration: configuration,
            logger: .silent
        )
        early = SoakRecorder("early")
        slow = SoakRecorder("slow", delay: .milliseconds(3))
        late = SoakRecorder("late")
        try informer.addHandler { [early] in await early.handle($0) }
        try informer.addHandler { [slow] in await slow.handle($0) }
    }

    var recorders: [SoakRecorder] { [early, slow, late] }

    func addLateHandler() throws { try informer.addHandler { [late] in await late.handle($0) } }

    /// What is wrong with the store, or with what handlers have heard; nothing, if all is as the server has it.
    func problems(comparedWith truth: [SoakMap]) -> [String] {
        let expected = Self.byKey(truth)
        let stored = Self.byKey(informer.store.list())
        var problems = Self.differences(stored, expected).map { "store of \(name): \($0)" }
        for recorder in recorders {
            let history = recorder.history
            let found = history.violations + Self.differences(history.present, expected)
            problems += found.map { "\(recorder.name) handler of \(name): \($0)" }
        }
        return problems
    }

    static func byKey(_ objects: [SoakMap]) -> [ObjectKey: SoakMap] {
        Dictionary(objects.map { (ObjectKey($0), $0) }) { first, _ in first }
    }

    private static func differences(_ found: [ObjectKey: SoakMap], _ expected: [ObjectKey: SoakMap]) -> [String] {
        Set(found.keys).union(expected.keys).sorted().compactMap { key in
            switch (found[key], expected[key]) {
            case (nil, _): "\(key) is missing"
            case (_, nil): "\(key) is a ghost"
            case (let found, let expected) where found != expected:
                "\(key) is at version \(version(of: found)), not at \(version(of: expected))"
            default: nil
            }
        }
    }

    private static func version(of object: SoakMap?) -> String { object?.metadata.resourceVersion ?? "?" }
}
