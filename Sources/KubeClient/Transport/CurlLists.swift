// SPDX-License-Identifier: Apache-2.0
import CCurl

/// What libcurl only points to, the lists and the place for its words: it has to outlive the handle, and is freed by
/// hand.
struct CurlLists {
    let headers: UnsafeMutablePointer<curl_slist>?
    let connectTo: UnsafeMutablePointer<curl_slist>?
    /// Where libcurl writes what is wrong in more words than a code has.
    let errorText: UnsafeMutableBufferPointer<CChar>

    init(
        _ request: Request,
        _ configuration: ClientConfiguration,
        _ authorization: RequestAuthorization
    ) throws(KubeError) {
        var lines = ["Accept: \(request.accept)", "User-Agent: \(configuration.userAgent)"]
        if request.body != nil { lines.append("Content-Type: \(request.contentType)") }
        // Without this libcurl waits a second for a "100 Continue" before it sends a larger body.
        lines.append("Expect:")
        if let header = authorization.header { lines.append(header) }
        if let impersonation = configuration.impersonation { lines += try impersonation.headers() }
        if let header = request.traceHeader { lines.append(header) }
        let name = ServerName(configuration)
        if let name { lines.append("Host: \(name.host)") }
        headers = lines.reduce(nil) { curl_slist_append($0, $1) }
        connectTo = name.flatMap { curl_slist_append(nil, $0.connectTo) }
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0)
    }

    /// libcurl's own words; nil if it has found none.
    var words: String? {
        let bytes = errorText.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    func free() {
        curl_slist_free_all(headers)
        curl_slist_free_all(connectTo)
        errorText.deallocate()
    }
}
