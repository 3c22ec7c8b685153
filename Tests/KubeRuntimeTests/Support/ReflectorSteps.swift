// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient

@testable import KubeRuntime

/// What a test expects of a step; another one ends the test.
extension ReflectorStateMachine.Step {
    func list() throws -> ListOptions {
        guard case .list(let options, _) = self else { throw UnexpectedStep(step: "\(self)") }
        return options
    }

    func watch() throws -> WatchOptions {
        guard case .watch(let options) = self else { throw UnexpectedStep(step: "\(self)") }
        return options
    }

    func replaced() throws -> (version: String, watch: WatchOptions) {
        guard case .replace(let version, let watch) = self else { throw UnexpectedStep(step: "\(self)") }
        return (version, watch)
    }

    func wait() throws -> Duration {
        guard case .wait(let delay, _) = self else { throw UnexpectedStep(step: "\(self)") }
        return delay
    }
}

extension ReflectorStateMachine.Outcome {
    func abandoned() throws -> ReflectorStateMachine.Step {
        guard case .abandon(let step) = self else { throw UnexpectedStep(step: "\(self)") }
        return step
    }
}

struct UnexpectedStep: Error {
    var step: String
}

extension ListMeta {
    static func at(_ version: String, continueToken: String? = nil) -> ListMeta {
        var metadata = ListMeta()
        metadata.resourceVersion = version
        metadata.continueToken = continueToken
        return metadata
    }
}

extension AnyClock.Instant {
    static func at(_ seconds: Double) -> AnyClock.Instant { AnyClock.Instant(offset: .seconds(seconds)) }
}
