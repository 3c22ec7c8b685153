// SPDX-License-Identifier: Apache-2.0

/// What the queue is told after a reconciliation.
struct Disposition: Equatable, Sendable {
    enum Requeue: Equatable, Sendable {
        case no
        case rateLimited
        case after(Duration)
    }

    /// Whether earlier failures no longer count.
    var forgets: Bool
    var requeue: Requeue
    var outcome: ReconcileRecord.Outcome

    init(_ result: Result<ReconcileResult, any Error>) {
        switch result.map(\.next) {
        case .success(.nothing): self.init(forgets: true, requeue: .no, outcome: .success)
        case .success(.after(let delay)): self.init(forgets: true, requeue: .after(delay), outcome: .requeueAfter)
        case .success(.rateLimited): self.init(forgets: false, requeue: .rateLimited, outcome: .requeue)
        // The count stays, so that a spec which goes from hopeless to failing does not start at the shortest delay.
        case .failure(is TerminalError): self.init(forgets: false, requeue: .no, outcome: .terminalError)
        case .failure: self.init(forgets: false, requeue: .rateLimited, outcome: .error)
        }
    }

    private init(forgets: Bool, requeue: Requeue, outcome: ReconcileRecord.Outcome) {
        self.forgets = forgets
        self.requeue = requeue
        self.outcome = outcome
    }
}
