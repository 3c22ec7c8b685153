// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Hummingbird

/// Whether a client may see the metrics.
public enum MetricsAccess: Sendable, Hashable {
    /// It may.
    case allowed
    /// Nobody knows who the client is.
    case unauthenticated
    /// The client is known and may not.
    case forbidden
    /// It cannot be found out now.
    case undecided(reason: String)
}

extension HTTPSite {
    /// The site that Prometheus scrapes: `/metrics`, in the form that the client asks for.
    /// - Parameters:
    ///   - address: where to listen.
    ///   - registry: the metrics.
    ///   - certificate: what the server proves itself with; nil for plain HTTP.
    ///   - authorize: decides on a client by its bearer token, nil if it sent none; nil for everybody.
    public static func metrics(
        at address: BindAddress,
        registry: MetricsRegistry,
        certificate: ServerCertificate? = nil,
        authorize: (@Sendable (String?) async -> MetricsAccess)? = nil
    ) -> HTTPSite {
        HTTPSite("metrics", at: address, certificate: certificate) { router in
            router.get("/metrics") { request, _ in
                if let authorize {
                    let access = await authorize(request.headers[.authorization].flatMap(bearerToken))
                    if let refusal = refusal(access) { return refusal }
                }
                let format = MetricsFormat(accept: request.headers[.accept])
                return Response(.ok, format.contentType, registry.exposition(format))
            }
        }
    }

    /// The token of an `Authorization` header (RFC 6750, 2.1).
    private static func bearerToken(_ header: String) -> String? {
        let words = header.split(separator: " ", maxSplits: 1)
        guard words.count == 2, words[0].lowercased() == "bearer" else { return nil }
        let token = words[1].filter { $0 != " " }
        return token.isEmpty ? nil : String(token)
    }

    private static func refusal(_ access: MetricsAccess) -> Response? {
        switch access {
        case .allowed: return nil
        case .unauthenticated:
            var response = Response(.unauthorized, line: "a bearer token of the cluster is needed")
            response.headers[.wwwAuthenticate] = "Bearer"
            return response
        case .forbidden: return Response(.forbidden, line: "this needs the verb get on the non-resource URL /metrics")
        case .undecided(let reason):
            return Response(.serviceUnavailable, line: "the cluster cannot be asked who you are: \(reason)")
        }
    }
}
