// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime
import Synchronization

/// Keeps one lease in memory, as an API server does.
final class LeaseServer: LeaseStore {
    enum Fault: Sendable {
        case fail(KubeError.Code)
        /// Does not answer, and does nothing.
        case hang
        /// Does what is asked, and does not answer.
        case hangAfterwards
    }

    fileprivate struct State {
        var lease: Lease?
        var version = 0
        var faults: [Fault] = []
        var standingFault: Fault?
    }

    private let state = Mutex(State())
    /// The requests in order: get, create, update.
    let requests = Journal<String>()

    var lease: Lease? { state.withLock { $0.lease } }

    /// Lets the next requests fail, one after the other.
    func fail(_ faults: Fault...) { state.withLock { $0.faults += faults } }

    /// Lets every request fail from now on; nil to end that.
    func failAlways(_ fault: Fault?) { state.withLock { $0.standingFault = fault } }

    /// Writes the lease as somebody else does.
    func write(holder: String, seconds: Int = 10, renewed: Timestamp = Timestamp(seconds: 0), transitions: Int = 3) {
        state.withLock { state in
            var lease = state.lease ?? Lease(metadata: ObjectMeta(name: "operator", namespace: "system"))
            lease.holderIdentity = holder
            lease.leaseDurationSeconds = seconds
            lease.renewTime = renewed
            lease.leaseTransitions = transitions
            state.store(lease)
        }
    }

    func getLease(_ name: String) async throws(KubeError) -> Lease {
        try await answering("get") { state in state.lease.map { .success($0) } ?? .failure(.of(.notFound)) }
    }

    func createLease(_ lease: Lease) async throws(KubeError) -> Lease {
        try await answering("create") { state in
            guard state.lease == nil else { return .failure(.of(.alreadyExists)) }
            return .success(state.store(lease))
        }
    }

    func updateLease(_ lease: Lease) async throws(KubeError) -> Lease {
        try await answering("update") { state in
            guard state.lease?.metadata.resourceVersion == lease.metadata.resourceVersion else {
                return .failure(.of(.conflict))
            }
            return .success(state.store(lease))
        }
    }

    private func answering(
        _ request: String,
        _ body: (inout State) -> Result<Lease, KubeError>
    ) async throws(KubeError) -> Lease {
        let (fault, answer) = state.withLock { state -> (Fault?, Result<Lease, KubeError>?) in
            let fault = state.faults.isEmpty ? state.standingFault : state.faults.removeFirst()
            switch fault {
            case nil, .hangAfterwards: return (fault, body(&state))
            case .fail(let code): return (fault, .failure(.of(code)))
            case .hang: return (fault, nil)
            }
        }
        requests.append(request)
        if case .hangAfterwards = fault { throw await Self.silence() }
        guard let answer else { throw await Self.silence() }
        return try answer.get()
    }

    private static func silence() async -> KubeError {
        let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
        for await _ in stream {}
        continuation.finish()
        return .of(.cancelled)
    }
}

extension LeaseServer.State {
    @discardableResult
    fileprivate mutating func store(_ lease: Lease) -> Lease {
        version += 1
        var lease = lease
        lease.metadata.resourceVersion = "\(version)"
        self.lease = lease
        return lease
    }
}
