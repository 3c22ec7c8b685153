// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI

// What of a request and its answer may be shown in an error.

extension Request {
    /// The path without a query, which may hold anything.
    var shownPath: String { String(path.prefix { $0 != "?" }) }

    /// Whether what goes to and fro holds secrets: a Secret, or the token of a service account.
    var isSensitive: Bool {
        let segments = shownPath.split(separator: "/")
        return segments.contains("secrets") || segments.last == "token"
    }

    /// The error for an answer that is no such object.
    func undecodable(_ error: JSONError) -> KubeError {
        let call = "the answer to \(method.rawValue) \(shownPath) cannot be understood"
        guard isSensitive else { return KubeError(code: .decoding, message: "\(call): \(error)", cause: error) }
        return KubeError(code: .decoding, message: "\(call): \(error.withoutValue)")
    }
}

extension JSONError {
    /// Where it is wrong, and nothing of what is there.
    var withoutValue: String { "\(code) in '\(path)' at byte \(offset)" }
}

extension ClientConfiguration {
    /// The server's URL without a user name and password in it.
    var shownServer: String {
        guard let scheme = server.firstRange(of: "://") else { return server }
        let rest = server[scheme.upperBound...]
        guard let at = rest.prefix(while: { $0 != "/" }).lastIndex(of: "@") else { return server }
        return String(server[..<scheme.upperBound] + rest[rest.index(after: at)...])
    }
}

extension KubeError {
    /// The error that an answer with a status of failure stands for.
    init(_ head: ResponseHead, _ body: [UInt8], to request: Request) {
        var status = (try? JSON.decode(Status.self, from: body)) ?? Status()
        if status.code == 0 { status.code = head.status }
        if status.message.isEmpty {
            // What is not a Status is a proxy's page or plain text; its beginning is usually the point.
            let words = request.isSensitive ? "" : String(decoding: body.prefix(300), as: UTF8.self)
            status.message =
                "\(request.method.rawValue) \(request.shownPath) was answered with \(head.status)"
                + (words.isEmpty ? "" : ": \(words)")
        }
        // Servers before 1.23 quote the place in the body where they failed to read it.
        if request.isSensitive, let quote = status.message.firstRange(of: "error found in #") {
            status.message = status.message[..<quote.lowerBound] + "(what the server quotes is left out)"
        }
        self.init(status: status)
        retryAfter = head.wait ?? retryAfter
    }
}
