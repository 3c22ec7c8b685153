// SPDX-License-Identifier: Apache-2.0
import JSON

/// One of the things that a probe's answer names.
public struct HealthCheck: Sendable, Hashable {
    /// What was looked at.
    public var name: String
    /// What is wrong; nil if nothing is.
    public var problem: String?
    /// How long looking took.
    public var duration: Duration

    /// Creates a check.
    public init(name: String, problem: String? = nil, duration: Duration = .zero) {
        self.name = name
        self.problem = problem
        self.duration = duration
    }
}

/// What a probe is answered with: `{"status": …, "checks": [{"name": …, "healthy": …, "duration": …}], "version": …}`.
///
/// `status` is `healthy` or `unhealthy`, `duration` is in seconds, and a check that fails has an `error`.
struct HealthAnswer: JSONEncodable {
    let checks: [HealthCheck]
    let version: String

    var isHealthy: Bool { checks.allSatisfy { $0.problem == nil } }

    func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("status", isHealthy ? "healthy" : "unhealthy")
            writer.key("checks")
            writer.array { writer in
                for check in checks {
                    writer.object { writer in
                        writer.field("name", check.name)
                        writer.field("healthy", check.problem == nil)
                        writer.field("duration", check.duration / .seconds(1))
                        writer.field("error", check.problem)
                    }
                }
            }
            writer.field("version", version)
        }
    }
}
