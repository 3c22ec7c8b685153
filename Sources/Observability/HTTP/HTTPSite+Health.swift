// SPDX-License-Identifier: Apache-2.0
import Hummingbird
import JSON
import Logging

extension HTTPSite {
    /// The site that a kubelet's probes ask.
    ///
    /// | path | answer |
    /// |---|---|
    /// | `/healthz`, `/livez`, `/health/live` | 200 if the process should go on, else 503 |
    /// | `/readyz`, `/health`, `/health/ready` | 200 if it can do its work, else 503 |
    /// | `/log-level` | `GET` tells the least important messages that are logged, `PUT` changes it; only for clients on the same machine, as `kubectl port-forward` makes them |
    ///
    /// The body of a probe's answer is JSON that names each check.
    /// - Parameters:
    ///   - address: where to listen.
    ///   - version: the program's version, for the answers.
    ///   - logThreshold: what `/log-level` changes.
    ///   - liveness: what decides whether the process should go on.
    ///   - readiness: what decides whether it can do its work.
    public static func health(
        at address: BindAddress,
        version: String,
        logThreshold: LogThreshold,
        liveness: @escaping @Sendable () -> [HealthCheck],
        readiness: @escaping @Sendable () -> [HealthCheck]
    ) -> HTTPSite {
        HTTPSite("health", at: address) { router in
            @Sendable func answer(_ checks: [HealthCheck]) -> Response {
                let answer = HealthAnswer(checks: checks, version: version)
                return Response(
                    answer.isHealthy ? .ok : .serviceUnavailable,
                    "application/json",
                    JSON.encode(answer)
                )
            }
            for path in ["/healthz", "/livez", "/health/live"] {
                router.get(RouterPath(path)) { _, _ in answer(liveness()) }
            }
            for path in ["/readyz", "/health", "/health/ready"] {
                router.get(RouterPath(path)) { _, _ in answer(readiness()) }
            }
            addLogLevel(logThreshold, to: router)
        }
    }

    private static func addLogLevel(_ threshold: LogThreshold, to router: Router<SiteContext>) {
        let refusal = "the log level can be seen and changed only from this machine, or by kubectl port-forward"
        router.get("/log-level") { _, context in
            guard context.isLocal else { return Response(.forbidden, line: refusal) }
            return Response(.ok, line: threshold.level.rawValue)
        }
        router.put("/log-level") { request, context in
            guard context.isLocal else { return Response(.forbidden, line: refusal) }
            let body = try await request.body.collect(upTo: 64)
            let word = String(buffer: body).filter { !$0.isWhitespace }
            guard let level = Logger.Level(rawValue: word) else {
                let words = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
                return Response(.badRequest, line: "the body has to be one of \(words)")
            }
            threshold.level = level
            return Response(.ok, line: level.rawValue)
        }
    }
}
