// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeRuntime
import Synchronization

/// Takes in the events of a cluster as they come, and folds them.
///
/// It outlives the connection to the cluster: after a reconnection only what is new counts.
final class EventIntake: Sendable {
    /// An event about something whose owner is not known: it may be a moment later.
    fileprivate struct Orphan: Sendable {
        var observation: EventObservation
        var object: ObjectReference
        var until: AnyClock.Instant
    }

    fileprivate struct State {
        var folder: EventFolder
        var admission: EventAdmission
        var orphans: [Orphan] = []
        /// The newest version that has been taken in.
        var newest = ""
        var hasList = false
        /// UID of the ClusterAgent that is reported to; nil before it is known.
        var agentUID: String?
    }

    /// What the agent's own operator writes about is not the cluster's trouble.
    static let selector = "involvedObject.kind!=DiagnosticTask,involvedObject.kind!=ClusterAgent"
    /// The most events whose owner is waited for.
    private static let maximumOrphans = 1024
    private static let patience = Duration.seconds(10)
    /// How much longer it is waited for while the first lists are read.
    private static let initialPatience = Duration.seconds(60)

    private let state: Mutex<State>
    private let known = Latch()
    private let clock: AnyClock
    private let now: @Sendable () -> Timestamp

    init(
        spec: ClusterAgent.Spec = ClusterAgent.Spec(mode: .local),
        clock: AnyClock = .continuous,
        now: @escaping @Sendable () -> Timestamp = { .now }
    ) {
        self.clock = clock
        self.now = now
        state = Mutex(
            State(
                folder: EventFolder(since: now(), bufferSize: spec.report.bufferSize),
                admission: EventAdmission(spec)
            )
        )
    }

    /// Prepares for the events of another connection, whose versions may have nothing to do with those of the last.
    func beginTarget() {
        state.withLock { state in
            state.hasList = false
            state.newest = ""
        }
    }

    /// Goes on by what the ClusterAgent says now, and at first by what an earlier process has told it.
    func follow(_ agent: ClusterAgent) {
        let present = now()
        state.withLock { state in
            state.apply(agent.spec)
            let uid = agent.metadata.uid ?? ""
            guard state.agentUID != uid else { return }
            state.agentUID = uid
            // One that was deleted and made again knows nothing of what the last one was told.
            state.folder.forgetTold()
            guard let events = agent.status.agent?.events else { return }
            state.folder.restore(events, at: present)
            // The settings may have changed since they were told.
            state.rate()
        }
        known.open()
    }

    /// Waits until it is known what to report: what came in before would be counted by the wrong rules.
    func waitForSettings() async throws(CancellationError) { try await known.wait() }

    /// Works with what has been folded.
    func withFolder<Value>(_ body: (inout EventFolder) -> sending Value) -> Value {
        state.withLock { body(&$0.folder) }
    }

    /// Takes in what the events' reflector says.
    func receive(_ event: ReflectorEvent<Event>, _ owners: OwnerResolver) {
        switch event {
        case .listed(let event): take(event, owners, isListed: true)
        case .applied(let event): take(event, owners, isListed: false)
        case .replaced(let version):
            state.withLock { state in
                state.hasList = true
                state.newest = version
            }
        case .listing, .unlisted, .deleted, .bookmark: break
        }
    }

    /// Folds the events whose owner is known by now, or has been waited for long enough.
    func settle(_ owners: OwnerResolver) {
        let extra = owners.isLearning ? Self.initialPatience : .zero
        let now = clock.now
        state.withLock { state in
            guard !state.orphans.isEmpty else { return }
            let orphans = state.orphans
            state.orphans = []
            for var orphan in orphans {
                if let owner = owners.owner(of: orphan.object) {
                    orphan.observation.owner = owner
                } else if orphan.until.advanced(by: extra) > now {
                    state.orphans.append(orphan)
                    continue
                } else {
                    orphan.observation.owner = owners.fallback(for: orphan.object)
                }
                state.folder.observe(orphan.observation)
            }
        }
    }

    private func take(_ event: Event, _ owners: OwnerResolver, isListed: Bool) {
        let object = event.involvedObject
        guard !object.apiVersion.hasPrefix(AetheriusGroup.name) else { return }
        let version = event.metadata.resourceVersion ?? ""
        let known = state.withLock { ($0.admission, $0.hasList, $0.newest) }
        let (admission, hasList, newest) = known
        // A list that is made again holds what has been taken in before.
        if isListed, hasList, let version = ResourceVersion(version), let newest = ResourceVersion(newest),
            version <= newest
        {
            return
        }
        let isWarning = event.type == "Warning"
        let namespace = object.kind == "Node" ? "" : object.namespace
        guard let severity = admission.severity(of: event.reason, isWarning: isWarning, in: namespace) else { return }
        let isInitial = isListed && !hasList
        let present = now()
        let happened = min(event.lastSeen ?? present, present)
        let owner = owners.owner(of: object)
        let observation = EventObservation(
            eventUID: event.metadata.uid ?? event.metadata.name,
            seriesCount: max(1, event.count ?? 1, event.seriesCount ?? 1),
            owner: owner ?? owners.fallback(for: object),
            sample: object.name,
            container: Self.container(in: object.fieldPath),
            reason: event.reason,
            severity: severity,
            isWarning: isWarning,
            message: SafeText.of(event.message),
            firstSeen: min(event.firstTimestamp ?? happened, happened),
            lastSeen: isInitial ? happened : present,
            isInitial: isInitial
        )
        let until = clock.now.advanced(by: Self.patience)
        state.withLock { state in
            if !isListed { state.note(version) }
            if owner == nil, state.orphans.count < Self.maximumOrphans {
                state.orphans.append(Orphan(observation: observation, object: object, until: until))
            } else {
                state.folder.observe(observation)
            }
        }
    }

    /// The container in a path such as `spec.containers{app}`.
    private static func container(in path: String?) -> String? {
        guard let path, let open = path.lastIndex(of: "{"), path.hasSuffix("}") else { return nil }
        let name = path[path.index(after: open)...].dropLast()
        return name.isEmpty ? nil : String(name)
    }
}

extension EventIntake.State {
    /// Takes over new settings, also for what is there: it is rated anew, and what is not reported any more forgotten.
    fileprivate mutating func apply(_ spec: ClusterAgent.Spec) {
        let admission = EventAdmission(spec)
        if folder.bufferSize != spec.report.bufferSize { folder.bufferSize = spec.report.bufferSize }
        guard admission != self.admission else { return }
        self.admission = admission
        rate()
    }

    fileprivate mutating func rate() {
        let admission = admission
        folder.rate { admission.severity(of: $0.reason, isWarning: $0.isWarning, in: $0.owner.namespace) }
        orphans = orphans.compactMap { orphan in
            var orphan = orphan
            let event = orphan.observation
            let namespace = event.owner.namespace
            guard let severity = admission.severity(of: event.reason, isWarning: event.isWarning, in: namespace) else {
                return nil
            }
            orphan.observation.severity = severity
            return orphan
        }
    }

    /// Notes a version, if it is newer than what is known.
    fileprivate mutating func note(_ version: String) {
        guard let new = ResourceVersion(version) else { return }
        if let known = ResourceVersion(newest), new < known { return }
        newest = version
    }
}
