// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeRuntime

/// What the Lease of an agent says.
struct Beat: Hashable {
    /// The agent's instance; empty after it has said goodbye, and before the first beat.
    var holder: String
    /// The agent's own time, which is only compared with itself.
    var renewTime: Timestamp?

    init(holder: String, renewTime: Timestamp? = nil) {
        self.holder = holder
        self.renewTime = renewTime
    }

    init(_ lease: Lease) { self.init(holder: lease.holderIdentity ?? "", renewTime: lease.renewTime) }
}

/// What this process has observed of an agent's heartbeat.
struct HeartbeatObservation: Hashable {
    enum State: Hashable {
        /// Nothing has been seen yet.
        case awaited
        /// There was a beat before this process looked; how old it is, nobody can tell.
        case assumed
        /// A beat was seen to come.
        case beating
        /// The agent has said goodbye.
        case left
    }

    var state: State
    /// For how long this has been so; while it beats, since the last beat.
    var age: Duration
    /// When the last beat was seen, by this process's clock; nil if none was.
    var observedAt: Timestamp?
}

/// Keeps what was observed of each agent's heartbeat.
///
/// Only this process's monotonic clock counts, from the moment at which a change of the Lease was seen: an agent whose
/// clock is wrong is as alive as any other. It is empty when a process begins to lead, so that no time counts in which
/// nobody looked.
struct HeartbeatBook {
    private struct Entry {
        var beat: Beat
        var state: HeartbeatObservation.State
        var since: AnyClock.Instant
        var observedAt: Timestamp?
        /// Whether somebody has been told that it has been silent for too long.
        var isOverdue = false
    }

    private var entries: [String: Entry] = [:]

    /// Notes what the Lease of an agent says now.
    /// - Parameters:
    ///   - isInitial: whether the Lease was like this before this process looked.
    ///   - wallTime: the present, for people.
    /// - Returns: whether somebody should look at the agent, because this is more than one beat after another.
    mutating func record(
        _ beat: Beat,
        of cluster: String,
        isInitial: Bool,
        at now: AnyClock.Instant,
        _ wallTime: Timestamp
    ) -> Bool {
        let old = entries[cluster]
        if let old, old.beat == beat { return false }
        let state: HeartbeatObservation.State
        switch (beat.holder.isEmpty, beat.renewTime) {
        // A Lease that was just made, perhaps in place of one that somebody deleted: no beat, and no goodbye.
        case (true, nil): state = old?.state ?? .awaited
        case (true, _?): state = .left
        case (false, _): state = isInitial ? .assumed : .beating
        }
        guard !beat.holder.isEmpty || state != old?.state else {
            entries[cluster]?.beat = beat
            return false
        }
        entries[cluster] = Entry(
            beat: beat,
            state: state,
            since: now,
            observedAt: state == .beating ? wallTime : old?.observedAt
        )
        return old?.state != state || old?.beat.holder != beat.holder || old?.isOverdue == true
    }

    /// Forgets an agent that there is no more.
    mutating func forget(_ cluster: String) { entries[cluster] = nil }

    /// What was observed; who is asked about for the first time is awaited from now on.
    /// - Parameter limit: how long a heartbeat may be silent. If it has been for longer, the next beat is news.
    mutating func observation(
        of cluster: String,
        limit: Duration,
        at now: AnyClock.Instant
    ) -> HeartbeatObservation {
        var entry = entries[cluster] ?? Entry(beat: Beat(holder: ""), state: .awaited, since: now)
        let age = entry.since.duration(to: now)
        entry.isOverdue = age >= limit
        entries[cluster] = entry
        return HeartbeatObservation(state: entry.state, age: age, observedAt: entry.observedAt)
    }
}
