// SPDX-License-Identifier: Apache-2.0
import KubeClient
import Testing

@testable import KubeRuntime

struct DispositionTests {
    private func disposition(_ result: ReconcileResult) -> Disposition { Disposition(.success(result)) }

    @Test("75: given each way in which a reconciliation can end, then the queue is told the right thing")
    func table() {
        let done = disposition(.done)
        #expect(done.forgets && done.requeue == .no && done.outcome == .success)
        let later = disposition(.requeue(after: .seconds(5)))
        #expect(later.forgets && later.requeue == .after(.seconds(5)) && later.outcome == .requeueAfter)
        let again = disposition(.requeue)
        #expect(!again.forgets && again.requeue == .rateLimited && again.outcome == .requeue)
        let failed = Disposition(.failure(KubeError.of(.conflict)))
        #expect(!failed.forgets && failed.requeue == .rateLimited && failed.outcome == .error)
        let hopeless = Disposition(.failure(TerminalError(KubeError.of(.invalid))))
        #expect(!hopeless.forgets && hopeless.requeue == .no && hopeless.outcome == .terminalError)
    }
}
