// SPDX-License-Identifier: Apache-2.0

/// Which request meets which fault: a pure function of a seed.
///
/// What happens to a request depends on the seed, on the client's name, on the kind of the request and on how many of
/// that kind the client has made before, and on nothing else. So a schedule repeats itself exactly as far as a client
/// asks for the same things in the same order.
public struct FaultSchedule: Sendable, Hashable {
    /// What happens to one request.
    public struct Plan: Sendable, Hashable {
        /// What happens.
        public var fault: Fault
        /// How many events of a watch come before it.
        public var eventCount: Int
        /// How much is sent of what breaks off, and how late is what comes late: 0 up to, not including, 1.
        public var share: Double
        /// Whether an answer that is not a watch goes in chunks instead of with a `Content-Length`.
        public var isChunked: Bool
    }

    /// Decides everything.
    public let seed: UInt64
    /// What may happen; each kind of fault comes up equally often, save for silent ones, which come half as often.
    public let faults: [Fault]
    /// The share of requests that meet a fault, from 0 to 1.
    public let rate: Double

    /// Creates a schedule.
    public init(seed: UInt64, faults: [Fault] = Fault.allCases, rate: Double = 0.6) {
        self.seed = seed
        self.faults = faults
        self.rate = min(max(rate, 0), 1)
    }

    /// What happens to a request; nil for nothing.
    /// - Parameters:
    ///   - kind: the kind of request.
    ///   - number: how many of that kind this client has made before.
    ///   - client: the client's name.
    public func plan(for kind: FaultProxy.RequestKind, number: Int, client: String) -> Plan? {
        let deck = faults.filter { $0.requests.contains(kind) }.flatMap { $0.isSilent ? [$0] : [$0, $0] }
        guard !deck.isEmpty else { return nil }
        var random = SeededGenerator(seed: seed, part: "\(client) \(kind.rawValue) \(number)")
        guard Double.random(in: 0..<1, using: &random) < rate else { return nil }
        // Dealt like cards, round by round, so that a client meets many kinds of fault before it meets one again.
        let (round, position) = number.quotientAndRemainder(dividingBy: deck.count)
        var shuffling = SeededGenerator(seed: seed, part: "\(client) \(kind.rawValue) round \(round)")
        return Plan(
            fault: deck.shuffled(using: &shuffling)[position],
            eventCount: Int.random(in: 0..<8, using: &random),
            share: Double.random(in: 0..<1, using: &random),
            isChunked: Bool.random(using: &random)
        )
    }
}
