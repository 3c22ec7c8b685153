// SPDX-License-Identifier: Apache-2.0
public import KubeClient

/// Why an API server cannot be used, in a word that tells a person where to look.
public enum FailureReason {
    /// The word for an error, as conditions, health checks and logs carry it.
    ///
    /// It is CamelCase and shorter than a condition's reason may be; an error of no known sort is `RequestFailed`.
    public static func word(for error: KubeError) -> String {
        switch error.code {
        case .unauthorized: "CredentialRejected"
        case .forbidden: "AccessDenied"
        case .notFound: "NotFound"
        case .tooManyRequests: "RateLimited"
        case .unavailable, .internalError, .serverTimeout: "ServerUnavailable"
        case .deadlineExceeded: "Timeout"
        case .configuration: "InvalidConfiguration"
        case .connection: connection(error.connectionFailure)
        default: "RequestFailed"
        }
    }

    private static func connection(_ failure: KubeError.ConnectionFailure?) -> String {
        switch failure {
        case .nameNotResolved: "NameNotResolved"
        case .notConnected: "NotConnected"
        case .timedOut: "Timeout"
        case .tls: "TLSFailed"
        case .proxy: "ProxyFailed"
        case nil: "ConnectionLost"
        }
    }
}
