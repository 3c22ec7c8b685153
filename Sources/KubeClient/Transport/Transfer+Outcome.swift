// SPDX-License-Identifier: Apache-2.0
import CCurl
import Synchronization

extension Transfer {
    /// Notes how far the request got, before libcurl forgets it.
    func recordProgress(_ easy: UnsafeMutableRawPointer) {
        // Zero until there is a connection, with TLS, and the request's first byte is about to go out.
        let wasSent = Self.microseconds(easy, CURLINFO_PRETRANSFER_TIME_T) > 0
        state.withLock { $0.wasSent = wasSent }
    }

    /// What libcurl's result for the finished request means.
    /// - Parameter words: what libcurl says beyond the code; nil if it says no more.
    func outcome(
        _ code: CURLcode,
        _ easy: UnsafeMutableRawPointer,
        words details: String? = nil
    ) -> Result<Void, KubeError> {
        recordProgress(easy)
        let (refusal, isHeadComplete, wasSent) = state.withLock { ($0.refusal, $0.isHeadComplete, $0.wasSent) }
        if let refusal { return .failure(refusal) }
        if code == CURLE_OK {
            // libcurl takes headers that the end of the connection cuts off for complete.
            guard !isHeadComplete else { return .success(()) }
            return .failure(lost("\(configuration.shownServer) closed the connection without an answer"))
        }
        if code == CURLE_OPERATION_TIMEDOUT { return .failure(timedOut(easy, wasSent: wasSent)) }
        if wasSent, Self.lossCodes.contains(code) {
            let words = code == CURLE_SEND_FAIL_REWIND ? "it broke" : String(cString: curl_easy_strerror(code))
            return .failure(lost("the connection to \(configuration.shownServer) was lost: \(words)"))
        }
        let failure = Self.connectionFailures[code.rawValue]
        // Only of TLS: its code says nothing, while the words for others hold times, which differ from try to try.
        let words = (failure == .tls ? details : nil) ?? String(cString: curl_easy_strerror(code))
        var error = KubeError(code: .connection, message: "no connection to \(configuration.shownServer): \(words)")
        error.connectionFailure = failure
        return .failure(error)
    }

    /// What libcurl's words for a connection that cannot be made mean.
    private static let connectionFailures: [UInt32: KubeError.ConnectionFailure] = [
        CURLE_COULDNT_RESOLVE_HOST.rawValue: .nameNotResolved, CURLE_COULDNT_CONNECT.rawValue: .notConnected,
        CURLE_COULDNT_RESOLVE_PROXY.rawValue: .proxy, CURLE_PROXY.rawValue: .proxy,
        CURLE_PEER_FAILED_VERIFICATION.rawValue: .tls, CURLE_SSL_CONNECT_ERROR.rawValue: .tls,
        CURLE_SSL_CERTPROBLEM.rawValue: .tls, CURLE_SSL_CACERT_BADFILE.rawValue: .tls,
        CURLE_SSL_ISSUER_ERROR.rawValue: .tls,
    ]

    /// The error for a server that takes a request and does not begin to answer it.
    var unanswered: KubeError {
        let limit = request.responseTimeout.map { " within \($0)" } ?? ""
        return KubeError(
            code: .deadlineExceeded,
            message:
                "\(configuration.shownServer) did not answer \(request.method.rawValue) \(request.shownPath)\(limit)"
        )
    }

    /// What a connection that breaks under a request looks like.
    private static let lossCodes: [CURLcode] = [
        CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_HTTP2, CURLE_HTTP2_STREAM,
        CURLE_SEND_FAIL_REWIND,
    ]

    private func lost(_ message: String) -> KubeError {
        var error = KubeError(code: .connection, message: message)
        error.isConnectionLost = true
        return error
    }

    private func timedOut(_ easy: UnsafeMutableRawPointer, wasSent: Bool) -> KubeError {
        let server = configuration.shownServer
        let elapsed = Duration.microseconds(Self.microseconds(easy, CURLINFO_TOTAL_TIME_T))
        // libcurl has one word for three limits; which one it was shows in how far the request got, and in how long it
        // took, give or take the moment by which its clocks differ.
        if !wasSent, request.timeout.map({ elapsed < $0 - .milliseconds(10) }) ?? true {
            var error = KubeError(
                code: .connection,
                message: "no connection to \(server) within \(configuration.connectTimeout)"
            )
            error.connectionFailure = .timedOut
            return error
        }
        guard request.timeout != nil else {
            return KubeError(code: .connection, message: "\(server) was silent for longer than it should be")
        }
        return KubeError(
            code: .deadlineExceeded,
            message: "\(request.method.rawValue) \(request.shownPath) at \(server) took too long"
        )
    }

    private static func microseconds(_ easy: UnsafeMutableRawPointer, _ info: CURLINFO) -> Int {
        var value: curl_off_t = 0
        _ = ccurl_get_offset(easy, info, &value)
        return Int(value)
    }
}
