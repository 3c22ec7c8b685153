// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime
import Synchronization

/// Keeps one lease in memory, as an API server does.
final class LeaseServer: LeaseStore {
    enum Fault: Sendable {
        case fail(KubeError.Code)
        /// Does not answer.
        case hang
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
        try await begin("get")
        guard let lease else { throw .of(.notFound) }
        return lease
    }

    func createLease(_ lease: Lease) async throws(KubeError) -> Lease {
        try await begin("create")
        let stored: Lease? = state.withLock { state in
            guard state.lease == nil else { return nil }
            return state.store(lease)
        }
        guard let stored else { throw .of(.alreadyExists) }
        return stored
    }

    func updateLease(_ lease: Lease) async throws(KubeError) -> Lease {
        try await begin("update")
        let stored: Lease? = state.withLock { state in
            guard state.lease?.metadata.resourceVersion == lease.metadata.resourceVersion else { return nil }
            return state.store(lease)
        }
        guard let stored else { throw .of(.conflict) }
        return stored
    }

    private func begin(_ request: String) async throws(KubeError) {
        let fault = state.withLock { state in
            state.faults.isEmpty ? state.standingFault : state.faults.removeFirst()
        }
        requests.append(request)
        switch fault {
        case nil: return
        case .fail(let code): throw .of(code)
        case .hang:
            let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
            for await _ in stream {}
            continuation.finish()
            throw .of(.cancelled)
        }
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
