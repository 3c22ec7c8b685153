// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI

/// The bytes of what a ``FaultProxy`` answers.
enum ProxyResponse {
    /// The headers of an answer in chunks.
    static func chunkedHead(status: Int = 200, contentType: String = "application/json") -> [UInt8] {
        head(status, ["Content-Type: \(contentType)", "Transfer-Encoding: chunked"])
    }

    /// The headers of an answer of known length.
    static func head(status: Int, contentType: String = "application/json", length: Int) -> [UInt8] {
        head(status, ["Content-Type: \(contentType)", "Content-Length: \(length)"])
    }

    static func chunk(_ bytes: [UInt8]) -> [UInt8] { chunkStart(bytes.count) + bytes + Array("\r\n".utf8) }

    /// What comes before the bytes of a chunk.
    static func chunkStart(_ count: Int) -> [UInt8] { Array("\(String(count, radix: 16))\r\n".utf8) }

    /// What comes after the last chunk.
    static var chunksEnd: [UInt8] { Array("0\r\n\r\n".utf8) }

    /// A whole answer that refuses.
    static func refusal(_ status: Status, retryAfterSeconds: Int? = nil) -> [UInt8] {
        let body = JSON.encode(status)
        var headers = ["Content-Type: application/json", "Content-Length: \(body.count)"]
        if let retryAfterSeconds { headers.append("Retry-After: \(retryAfterSeconds)") }
        return head(status.code, headers) + body
    }

    /// A line of a watch.
    static func event(_ type: String, _ object: some JSONEncodable) -> [UInt8] {
        let event = JSON.encode(object)
        return Array("{\"type\":\"\(type)\",\"object\":".utf8) + event + Array("}\n".utf8)
    }

    /// A bookmark for a version; the object is of no certain kind, which no client looks at.
    static func bookmark(_ version: String) -> [UInt8] {
        let object: JSONValue = ["metadata": ["resourceVersion": .string(version), "creationTimestamp": .null]]
        return event("BOOKMARK", object)
    }

    private static func head(_ status: Int, _ headers: [String]) -> [UInt8] {
        Array((["HTTP/1.1 \(status) Status"] + headers).joined(separator: "\r\n").utf8) + Array("\r\n\r\n".utf8)
    }
}

extension Fault {
    /// A version that no server of a test ever reaches.
    static let futureVersion = "4000000000000"
    /// What is no version.
    static let garbageVersion = "not-a-version"

    /// The status that refuses a request, or ends a watch; nil if the fault is another sort of thing.
    var status: Status? {
        switch self {
        case .tooManyRequests, .tooManyRequestsWithRetryAfter, .tooManyRequestsEvent:
            Status(code: 429, reason: "TooManyRequests", message: "Too many requests, please try again later.")
        case .internalServerError, .internalErrorEvent:
            Status(code: 500, reason: "InternalError", message: "Internal error occurred: injected")
        case .serviceUnavailable:
            Status(code: 503, reason: "ServiceUnavailable", message: "apiserver is shutting down")
        case .gatewayTimeout: Status(code: 504, reason: "Timeout", message: "the request did not complete in time")
        case .expiredList, .expiredWatch, .expiredEvent:
            Status(code: 410, reason: "Expired", message: "too old resource version: injected")
        case .expiredPage:
            Status(code: 410, reason: "Expired", message: "The provided continue parameter is too old: injected")
        case .tooLargeResourceVersion, .tooLargeResourceVersionEvent: Self.tooLarge
        default: nil
        }
    }

    private static var tooLarge: Status {
        var status = Status(code: 504, reason: "Timeout", message: "Too large resource version: injected")
        var cause = Status.Cause()
        cause.reason = "ResourceVersionTooLarge"
        cause.message = "Too large resource version"
        status.causes = [cause]
        status.retryAfterSeconds = 1
        return status
    }
}
