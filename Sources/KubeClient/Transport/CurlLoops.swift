// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// The network threads of a client: one for calls, and one for streams once there is a stream.
///
/// They share no connection. A stream that brings much then neither holds up a call on the same connection nor takes
/// one of the hundred streams that a connection has.
final class CurlLoops: Sendable {
    let calls: CurlLoop
    private let streamLoop = Mutex<CurlLoop?>(nil)

    init() throws(KubeError) { calls = try CurlLoop() }

    deinit {
        calls.post(.stop)
        _ = streamLoop.withLock { $0?.post(.stop) }
    }

    /// How many threads there are.
    var count: Int { streamLoop.withLock { $0 == nil ? 1 : 2 } }

    /// The longer of the threads' delays.
    func delay() -> Duration { max(calls.delay(), streamLoop.withLock { $0 }?.delay() ?? .zero) }

    /// The thread for streams; starts it at the first call.
    func streams() throws(KubeError) -> CurlLoop {
        try streamLoop.withLock { loop throws(KubeError) in
            if let loop { return loop }
            let new = try CurlLoop()
            loop = new
            return new
        }
    }
}
