// SPDX-License-Identifier: Apache-2.0
public import KubeAPI
public import KubeClient

/// Where the lease of a leader election is kept: an API server, or a script in a test.
public protocol LeaseStore: Sendable {
    /// Reads a lease, as fresh as it is stored.
    func getLease(_ name: String) async throws(KubeError) -> Lease
    /// Creates a lease.
    func createLease(_ lease: Lease) async throws(KubeError) -> Lease
    /// Replaces the version of the lease that the given one was made from; fails if there is a newer one.
    func updateLease(_ lease: Lease) async throws(KubeError) -> Lease
}

extension ResourceClient: LeaseStore where Object == Lease {
    /// Reads a lease.
    public func getLease(_ name: String) async throws(KubeError) -> Lease { try await get(name) }

    /// Creates a lease.
    public func createLease(_ lease: Lease) async throws(KubeError) -> Lease { try await create(lease) }

    /// Replaces a lease, if it is still of the version that the given one was made from.
    public func updateLease(_ lease: Lease) async throws(KubeError) -> Lease { try await update(lease) }
}
