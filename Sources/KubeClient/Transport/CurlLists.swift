// SPDX-License-Identifier: Apache-2.0
import CCurl

/// The lists that libcurl only points to: they have to outlive the handle, and are freed by hand.
struct CurlLists {
    let headers: UnsafeMutablePointer<curl_slist>?
    let connectTo: UnsafeMutablePointer<curl_slist>?

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
    }

    func free() {
        curl_slist_free_all(headers)
        curl_slist_free_all(connectTo)
    }
}
