// SPDX-License-Identifier: Apache-2.0
import Synchronization
import Testing

@testable import KubeTesting

private final class Counts: Sendable {
    private let state = Mutex((now: 0, most: 0, all: 0))

    var most: Int { state.withLock { $0.most } }
    var all: Int { state.withLock { $0.all } }

    func begin() {
        state.withLock { state in
            state.now += 1
            state.all += 1
            state.most = max(state.most, state.now)
        }
    }

    func end() { state.withLock { $0.now -= 1 } }
}

@Suite("Turns for what keeps a machine busy", .timeLimit(.minutes(5)))
struct TurnsTests {
    @Test("given two turns and many who want one, then all have theirs, and never three at once")
    func atOnce() async throws {
        let turns = Turns(atOnce: 2)
        let counts = Counts()
        for _ in 0..<2 {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        try await turns.take {
                            counts.begin()
                            for _ in 0..<20 { await Task.yield() }
                            counts.end()
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        #expect(counts.most == 2)
        #expect(counts.all == 100)
    }

    @Test("given a task that is cancelled in line, or a body that throws, then the turn goes to the next one")
    func givenUp() async throws {
        let turns = Turns(atOnce: 1)
        try await turns.take {
            let waiting = Task { try await turns.take {} }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
        }
        await #expect(throws: KubeTesting.TestClusterError.self) {
            try await turns.take { throw TestClusterError(message: "no") }
        }
        try await turns.take {}
    }
}
