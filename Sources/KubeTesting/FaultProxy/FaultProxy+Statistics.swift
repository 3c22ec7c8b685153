// SPDX-License-Identifier: Apache-2.0
import Synchronization

extension FaultProxy {
    /// What a client wants.
    public enum RequestKind: String, Sendable, Hashable, CaseIterable {
        /// The first page of a collection, or all of it.
        case list
        /// A later page.
        case page
        /// A watch.
        case watch
        /// A creation, a change or a deletion.
        case write
        /// Anything else; it never meets a fault.
        case other
    }

    /// What a proxy has done so far.
    public struct Statistics: Sendable, Hashable {
        /// How often each fault has really happened.
        ///
        /// One that was due after more events than came has not.
        public var faults: [Fault: Int] = [:]
        /// How many requests of each kind have come.
        public var requests: [RequestKind: Int] = [:]
        /// How often the API server could not be reached, or broke an answer off.
        public var serverFailureCount = 0

        /// Creates the statistics of a proxy that has done nothing.
        public init() {}

        /// How many faults have really happened.
        public var faultCount: Int { faults.values.reduce(0, +) }
    }

    /// What the proxy has done so far.
    public var statistics: Statistics { state.withLock(\.statistics) }
}
