// SPDX-License-Identifier: Apache-2.0
public import JSON

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A moment in UTC, as Kubernetes writes it (RFC 3339).
///
/// Whole seconds are written without a fraction (`metav1.Time`); use ``microTime`` where the API wants six digits
/// (`metav1.MicroTime`, as in a Lease).
public struct Timestamp: Sendable, Hashable, Comparable {
    /// Whole seconds since 1970-01-01T00:00:00Z.
    public var seconds: Int64
    /// The rest, 0 to 999,999,999.
    public var nanoseconds: Int32

    /// Creates a moment.
    public init(seconds: Int64, nanoseconds: Int32 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// The present, by the system's clock.
    public static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int32(time.tv_nsec))
    }

    /// The same moment without its fraction.
    public var wholeSeconds: Timestamp { Timestamp(seconds: seconds) }

    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }

    /// How long it is from the other moment to this one; negative if the other is later.
    public func since(_ other: Timestamp) -> Duration {
        .seconds(seconds - other.seconds) + .nanoseconds(Int64(nanoseconds) - Int64(other.nanoseconds))
    }

    /// The moment that lies some time after this one.
    public func advanced(by duration: Duration) -> Timestamp {
        let (whole, attoseconds) = duration.components
        let sum = Int64(nanoseconds) + attoseconds / 1_000_000_000
        let carry = (sum >= 1_000_000_000 ? 1 : 0) - (sum < 0 ? 1 : 0)
        return Timestamp(
            seconds: seconds + whole + Int64(carry),
            nanoseconds: Int32(sum - Int64(carry) * 1_000_000_000)
        )
    }
}

extension Timestamp: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        let offset = reader.offset
        let text = try reader.readString()
        guard let value = Timestamp(text) else {
            throw JSONError(code: .invalidValue, message: "'\(text)' is not an RFC 3339 time", offset: offset)
        }
        self = value
    }

    public func encode(to writer: inout JSONWriter) { writer.string(description) }
}

extension Timestamp: CustomStringConvertible, LosslessStringConvertible {
    /// Reads `2026-01-02T03:04:05Z`, with or without a fraction and with `Z` or an offset.
    public init?(_ text: String) {
        var text = text
        guard let value = text.withUTF8({ Self.parse($0) }) else { return nil }
        self = value
    }

    private static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Timestamp? {
        func number(_ from: Int, _ count: Int) -> Int64? {
            guard from + count <= bytes.count else { return nil }
            var value: Int64 = 0
            for index in from..<from + count {
                let digit = bytes[index] &- UInt8(ascii: "0")
                guard digit <= 9 else { return nil }
                value = value * 10 + Int64(digit)
            }
            return value
        }
        guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[10] | 0x20 == UInt8(ascii: "t"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let year = number(0, 4), let month = number(5, 2), let day = number(8, 2), let hour = number(11, 2),
            let minute = number(14, 2), let second = number(17, 2), (1...12).contains(month),
            day >= 1, day <= daysInMonth(month, ofYear: year), hour < 24, minute < 60, second <= 60
        else { return nil }
        var index = 19
        var nanoseconds: Int32 = 0
        if bytes[index] == UInt8(ascii: ".") {
            index += 1
            var scale: Int32 = 100_000_000
            let start = index
            while index < bytes.count, bytes[index] &- UInt8(ascii: "0") <= 9 {
                nanoseconds += Int32(bytes[index] &- UInt8(ascii: "0")) * scale
                scale /= 10
                index += 1
            }
            guard index > start else { return nil }
        }
        guard index < bytes.count else { return nil }
        var offset: Int64 = 0
        switch bytes[index] {
        case UInt8(ascii: "Z"), UInt8(ascii: "z"):
            guard index + 1 == bytes.count else { return nil }
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            guard index + 6 == bytes.count, bytes[index + 3] == UInt8(ascii: ":"), let hours = number(index + 1, 2),
                let minutes = number(index + 4, 2), hours < 24, minutes < 60
            else { return nil }
            offset = (hours * 60 + minutes) * 60 * (bytes[index] == UInt8(ascii: "-") ? -1 : 1)
        default: return nil
        }
        let days = daysFromCivil(year: year, month: month, day: day)
        return Timestamp(
            seconds: ((days * 24 + hour) * 60 + minute) * 60 + second - offset,
            nanoseconds: nanoseconds
        )
    }

    /// The moment in RFC 3339 with whole seconds, such as `2026-01-02T03:04:05Z`.
    public var description: String { text(fraction: nil) }

    /// The moment in RFC 3339 with six digits of a second, as `metav1.MicroTime` wants it.
    public var microTime: String { text(fraction: Int64(nanoseconds) / 1000) }

    private func text(fraction: Int64?) -> String {
        func padded(_ value: Int64, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let days = seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400
        let rest = seconds - days * 86400
        let (year, month, day) = Self.civil(fromDays: days)
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
        let time = "\(padded(rest / 3600, 2)):\(padded(rest / 60 % 60, 2)):\(padded(rest % 60, 2))"
        return date + "T" + time + (fraction.map { "." + padded($0, 6) } ?? "") + "Z"
    }

    // The calendar arithmetic counts years from March, so that the leap day is the last of its year and a month's
    // first day is a linear function of the month.
    private static func daysFromCivil(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func daysInMonth(_ month: Int64, ofYear year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let days = days + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }
}
