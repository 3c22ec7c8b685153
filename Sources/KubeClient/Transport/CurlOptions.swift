// SPDX-License-Identifier: Apache-2.0
import CCurl

/// Translates a request into libcurl's options.
enum CurlOptions {
    static func apply(
        _ request: Request,
        _ configuration: ClientConfiguration,
        _ authorization: RequestAuthorization,
        _ lists: CurlLists,
        to easy: UnsafeMutableRawPointer
    ) throws(KubeError) {
        let server = ServerName(configuration)?.url ?? configuration.server
        _ = ccurl_set_string(easy, CURLOPT_URL, server + request.path + request.query)
        _ = ccurl_set_string(easy, CURLOPT_PROTOCOLS_STR, "https,http")
        _ = ccurl_set_string(easy, CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        _ = ccurl_set_list(easy, CURLOPT_HTTPHEADER, lists.headers)
        _ = ccurl_set_list(easy, CURLOPT_CONNECT_TO, lists.connectTo)
        _ = ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, lists.errorText.baseAddress)
        if let body = request.body {
            // The bytes come from the transfer's read function, and there is none to rewind it. With bytes that it holds
            // itself, libcurl sends a request again, without a word, when a connection that it reuses breaks.
            _ = ccurl_set_long(easy, CURLOPT_POST, 1)
            _ = ccurl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
        }
        applyConnection(configuration, to: easy)
        try applyTrust(configuration, to: easy)
        if case .basic(let username, let password) = authorization {
            _ = ccurl_set_long(easy, CURLOPT_HTTPAUTH, ccurl_auth_basic)
            _ = ccurl_set_string(easy, CURLOPT_USERNAME, username)
            _ = ccurl_set_string(easy, CURLOPT_PASSWORD, password)
        }
        applyTimes(request, to: easy)
    }

    private static func applyConnection(_ configuration: ClientConfiguration, to easy: UnsafeMutableRawPointer) {
        // Threads and signals do not go together.
        _ = ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1)
        _ = ccurl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0)
        // The path is what the request says, also where it holds dots.
        _ = ccurl_set_long(easy, CURLOPT_PATH_AS_IS, 1)
        // A proxy's own answer is not the server's.
        _ = ccurl_set_long(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        _ = ccurl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        // Rather wait for the connection that is being made than make one for each of many requests at once.
        _ = ccurl_set_long(easy, CURLOPT_PIPEWAIT, 1)
        // Measured with libcurl 7.88: with its 16 KiB, an answer of some hundred KiB beside others on one HTTP/2
        // connection now and then stays unread in libcurl's memory until something else arrives, seconds later.
        _ = ccurl_set_long(easy, CURLOPT_BUFFERSIZE, 512 << 10)
        if configuration.allowsCompression { _ = ccurl_set_string(easy, CURLOPT_ACCEPT_ENCODING, "gzip") }
        // Both are always set: libcurl would else read the environment by rules of its own.
        let proxy = configuration.proxy.url(
            forServer: configuration.server,
            environment: ProcessEnvironment.values
        )
        _ = ccurl_set_string(easy, CURLOPT_PROXY, proxy)
        _ = ccurl_set_string(easy, CURLOPT_NOPROXY, "")
        let deadline = configuration.transport.acknowledgementTimeout.milliseconds
        _ = ccurl_set_user_timeout(easy, UInt32(clamping: max(1, deadline)))
        // A peer that has vanished without a word while nothing is sent to it is noticed after about a minute.
        _ = ccurl_set_long(easy, CURLOPT_TCP_KEEPALIVE, 1)
        _ = ccurl_set_long(easy, CURLOPT_TCP_KEEPIDLE, 30)
        _ = ccurl_set_long(easy, CURLOPT_TCP_KEEPINTVL, 10)
        _ = ccurl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, max(1, configuration.connectTimeout.milliseconds))
        _ = ccurl_set_long(easy, CURLOPT_MAXAGE_CONN, 60)
    }

    private static func applyTrust(
        _ configuration: ClientConfiguration,
        to easy: UnsafeMutableRawPointer
    ) throws(KubeError) {
        _ = ccurl_set_long(easy, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if configuration.skipsTLSVerification {
            _ = ccurl_set_long(easy, CURLOPT_SSL_VERIFYPEER, 0)
            _ = ccurl_set_long(easy, CURLOPT_SSL_VERIFYHOST, 0)
        }
        _ = ccurl_set_long(easy, CURLOPT_PROXY_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let authority = configuration.certificateAuthority {
            let bytes = try authority.read(.certificate, for: "the certificate authority")
            setBlob(easy, CURLOPT_CAINFO_BLOB, bytes)
            // The system's authorities are trusted no longer: libcurl would else look into their directory as well.
            _ = ccurl_set_string(easy, CURLOPT_CAPATH, nil)
            // A proxy of one's own is often signed by the same authority; others by one that the system knows.
            setBlob(easy, CURLOPT_PROXY_CAINFO_BLOB, bytes)
        }
        if let pair = configuration.clientCertificate {
            _ = ccurl_set_string(easy, CURLOPT_SSLCERTTYPE, "PEM")
            _ = ccurl_set_string(easy, CURLOPT_SSLKEYTYPE, "PEM")
            setBlob(easy, CURLOPT_SSLCERT_BLOB, try pair.certificate.read(.certificate, for: "the client certificate"))
            setBlob(easy, CURLOPT_SSLKEY_BLOB, try pair.key.read(.privateKey, for: "the client key"))
        }
    }

    private static func applyTimes(_ request: Request, to easy: UnsafeMutableRawPointer) {
        if let timeout = request.timeout {
            _ = ccurl_set_long(easy, CURLOPT_TIMEOUT_MS, max(1, timeout.milliseconds))
        }
        if let idle = request.idleTimeout {
            _ = ccurl_set_long(easy, CURLOPT_LOW_SPEED_LIMIT, 1)
            _ = ccurl_set_long(easy, CURLOPT_LOW_SPEED_TIME, max(1, idle.milliseconds / 1000))
        }
    }

    private static func setBlob(_ easy: UnsafeMutableRawPointer, _ option: CURLoption, _ bytes: [UInt8]) {
        bytes.withUnsafeBytes { _ = ccurl_set_blob(easy, option, $0.baseAddress, $0.count) }
    }
}

extension Duration {
    /// Whole milliseconds, rounded down.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
    }
}
