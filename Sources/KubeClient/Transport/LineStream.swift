// SPDX-License-Identifier: Apache-2.0

/// The lines of one streaming answer.
struct LineStream: Sendable {
    /// Ends the transfer once nobody can read it any more.
    final class Lifetime: Sendable {
        let sink: LineSink
        private let transfer: Transfer
        private let loop: CurlLoop

        init(sink: LineSink, transfer: Transfer, loop: CurlLoop) {
            self.sink = sink
            self.transfer = transfer
            self.loop = loop
        }

        func cancel() { loop.post(.cancel(transfer)) }

        deinit { cancel() }
    }

    struct AsyncIterator {
        let lifetime: Lifetime

        func next(isolation actor: isolated (any Actor)?) async throws(KubeError) -> [UInt8]? {
            let lifetime = lifetime
            let result = await withTaskCancellationHandler {
                await lifetime.sink.nextLine()
            } onCancel: {
                lifetime.cancel()
            }
            return try result.get()
        }
    }

    let lifetime: Lifetime

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(lifetime: lifetime) }
}
