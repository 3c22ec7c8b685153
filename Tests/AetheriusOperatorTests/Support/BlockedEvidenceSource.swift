// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import Evidence
import KubeAPI
import Synchronization

/// A cluster that never answers, so that a task stays in the middle of its work for as long as a test wants.
///
/// It cannot be reached at all where the object `unreachable` is asked for.
final class BlockedEvidenceSource: EvidenceSource {
    private let asked: AsyncStream<EvidenceScope>
    private let continuation: AsyncStream<EvidenceScope>.Continuation

    init() { (asked, continuation) = AsyncStream.makeStream() }

    /// Waits until somebody looks, and tells at which object.
    func nextQuestion() async -> String? {
        for await scope in asked { return scope.subject?.name }
        return nil
    }

    /// Waits until somebody looks at an object of this name.
    func waitForQuestion(about name: String) async {
        for await scope in asked where scope.subject?.name == name { return }
    }

    func snapshot(of scope: EvidenceScope) async throws(EvidenceError) -> Snapshot {
        continuation.yield(scope)
        guard scope.subject?.name != "unreachable" else {
            throw EvidenceError(code: .unreachable, message: "no connection")
        }
        let (silence, end) = AsyncStream.makeStream(of: Void.self)
        // The stream brings nothing; waiting for it ends when the task is cancelled.
        for await _ in silence {}
        end.finish()
        throw EvidenceError(code: .cancelled, message: "the request was cancelled")
    }
}
