// SPDX-License-Identifier: Apache-2.0
import CCurl

#if canImport(Glibc)
import Glibc
#endif

/// The header `Retry-After` in its two forms (RFC 9110, section 10.2.3).
enum RetryAfter: Sendable, Hashable {
    case seconds(Int)
    /// A moment, in seconds since 1970.
    case date(Int)

    init?(_ value: String) {
        if let seconds = Int(value), seconds >= 0 {
            self = .seconds(seconds)
        } else if let moment = Self.moment(value) {
            self = .date(moment)
        } else {
            return nil
        }
    }

    /// How long to wait, at least zero.
    /// - Parameters:
    ///   - serverDate: what the answer's `Date` says, since a difference between the two clocks would distort it.
    ///   - now: the time here, if the answer has no date; both in seconds since 1970.
    func wait(serverDate: Int?, now: () -> Int) -> Duration {
        switch self {
        case .seconds(let seconds): .seconds(seconds)
        case .date(let moment): .seconds(max(0, moment - (serverDate ?? now())))
        }
    }

    /// The moment that an HTTP date stands for, in any of its three forms.
    static func moment(_ value: String) -> Int? {
        // libcurl also understands much that is no HTTP date; all of those have a time of day.
        guard value.contains(":") else { return nil }
        let moment = Int(curl_getdate(value, nil))
        return moment < 0 ? nil : moment
    }
}

extension ResponseHead {
    /// Takes what counts from one line of the headers.
    mutating func read(_ line: UnsafeBufferPointer<UInt8>) {
        if let value = Self.value(of: "retry-after:", in: line) {
            retryAfter = RetryAfter(value)
        } else if let value = Self.value(of: "date:", in: line) {
            date = RetryAfter.moment(value)
        }
    }

    /// How long the server asks to wait.
    var wait: Duration? { retryAfter?.wait(serverDate: date) { time(nil) } }

    private static func value(of name: StaticString, in line: UnsafeBufferPointer<UInt8>) -> String? {
        let count = name.utf8CodeUnitCount
        let start = UnsafeBufferPointer(start: name.utf8Start, count: count)
        guard line.count > count, zip(line, start).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) else { return nil }
        let text = String(decoding: line[count...], as: UTF8.self)
        return String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
