// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import KubeAPI
import Redaction

/// What a request proves itself with, at hand.
enum RequestAuthorization: Sendable {
    case none
    case token(BearerToken)
    case basic(username: String, password: String)

    /// Reads the token's file, if it is in one.
    init(_ credentials: ClientConfiguration.Credentials) throws(KubeError) {
        switch credentials {
        case .none: self = .none
        case .token(let token): self = .token(try BearerToken(token, from: "the bearer token"))
        case .tokenFile(let path): self = .token(try BearerToken(file: path))
        case .tokenProvider(let provider):
            self = .token(try BearerToken(try provider.bearerToken(), from: "the bearer token"))
        case .basic(let username, let password): self = .basic(username: username, password: password)
        case .exec(let plugin): throw plugin.failure("has not run before the request")
        }
    }

    /// The texts that nobody but the server may see.
    var secrets: [String] {
        switch self {
        case .none: []
        case .token(let token): [token.text]
        case .basic(let username, let password):
            // A password that is a letter or two would be found in any word.
            (password.count >= 4 ? [password] : [])
                + [Data("\(username):\(password)".utf8).base64EncodedString()]
        }
    }

    /// The header that says so; basic authentication is libcurl's.
    var header: String? {
        guard case .token(let token) = self else { return nil }
        return "Authorization: Bearer \(token.text)"
    }
}

extension KubeError {
    /// This error with a placeholder for each place at which a text stands.
    func without(secret: String) -> KubeError {
        func clean(_ text: inout String) { text = text.replacing(secret, with: Redaction.placeholder) }
        var error = self
        clean(&error.message)
        if var status = error.status {
            clean(&status.message)
            for index in status.causes.indices { clean(&status.causes[index].message) }
            error.status = status
        }
        return error
    }
}
