// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// When a CronJob is to run: five fields, or a name such as `@daily`, as the CronJob controller reads them.
///
/// Times are in UTC. Searching for the next one is bounded by ``maximumDays``.
struct CronSchedule: Hashable, Sendable {
    /// Why a text is no schedule.
    struct Failure: Error, Hashable {
        var message: String
    }

    private var minutes: UInt64
    private var hours: UInt64
    private var days: UInt64
    private var months: UInt64
    private var weekdays: UInt64
    /// Whether the day of the month or that of the week may be any, in which case only the other one counts.
    private var isDayFree: Bool
    /// The time between two runs of `@every`; nil for any other schedule.
    private var period: Int64?

    /// How far ahead is looked: a 29th of February may be eight years away.
    private static let maximumDays: Int64 = 8 * 366

    private static let names: [String: String] = [
        "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
        "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
    ]
    private static let monthNames = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
    private static let weekdayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

    /// Reads a schedule.
    init(_ text: String) throws(Failure) {
        (minutes, hours, days, months, weekdays, isDayFree) = (0, 0, 0, 0, 0, true)
        if text.hasPrefix("@every ") {
            period = try Self.duration(text.dropFirst("@every ".count))
            return
        }
        let fields = (Self.names[text] ?? text).split(whereSeparator: \.isWhitespace)
        guard fields.count == 5 else {
            throw Failure(message: "it has \(Count.text(fields.count, "field")), and there have to be 5")
        }
        minutes = try Self.field(fields[0], "minute", 0...59)
        hours = try Self.field(fields[1], "hour", 0...23)
        days = try Self.field(fields[2], "day of the month", 1...31)
        months = try Self.field(fields[3], "month", 1...12, names: Self.monthNames, first: 1)
        weekdays = try Self.field(fields[4], "day of the week", 0...7, names: Self.weekdayNames, first: 0)
        if weekdays & 1 << 7 != 0 { weekdays |= 1 }
        isDayFree = [fields[2], fields[4]].contains { $0.first == "*" || $0.first == "?" }
    }

    /// The seconds of a duration such as `1h30m`.
    private static func duration(_ text: Substring) throws(Failure) -> Int64 {
        var seconds: Int64 = 0
        var rest = text
        while let first = rest.first {
            let digits = rest.prefix(while: \.isNumber)
            let unit = rest[digits.endIndex...].prefix { $0.isLetter }
            guard first.isNumber, let number = Int64(digits), number < 1_000_000,
                let factor = ["h": 3600, "m": 60, "s": 1][unit].map(Int64.init)
            else { throw Failure(message: "'\(text)' is not a duration") }
            seconds += number * factor
            rest = rest[unit.endIndex...]
        }
        guard seconds > 0 else { throw Failure(message: "'\(text)' is not a duration") }
        return seconds
    }

    /// The values of a field such as `*/15`, `1-5` or `mon,wed`, as bits.
    private static func field(
        _ text: Substring,
        _ title: String,
        _ range: ClosedRange<Int>,
        names: [String] = [],
        first: Int = 0
    ) throws(Failure) -> UInt64 {
        func value(_ word: Substring) -> Int? {
            names.firstIndex(of: word.lowercased()).map { $0 + first }
                ?? Int(word).flatMap { range.contains($0) ? $0 : nil }
        }
        var bits: UInt64 = 0
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let halves = part.split(separator: "/", omittingEmptySubsequences: false)
            let step = halves.count == 2 ? Int(halves[1]) : 1
            let ends = (halves.first ?? "").split(separator: "-", omittingEmptySubsequences: false)
            let isAny = ends == ["*"] || ends == ["?"]
            let lower = isAny ? range.lowerBound : ends.first.flatMap(value)
            // `5/10` begins at 5 and has no end of its own.
            let upper =
                isAny || ends.count == 1 && halves.count == 2
                ? range.upperBound : ends.count <= 2 ? ends.last.flatMap(value) : nil
            guard let lower, let upper, lower <= upper, let step, step > 0, halves.count <= 2 else {
                throw Failure(
                    message: "'\(part)' is no \(title); it has to be from \(range.lowerBound) to \(range.upperBound)"
                )
            }
            for value in stride(from: lower, through: upper, by: step) { bits |= 1 << UInt64(value) }
        }
        return bits
    }

    /// The first run after a moment; nil if there is none in the next eight years.
    func next(after moment: Timestamp) -> Timestamp? {
        if let period { return Timestamp(seconds: moment.seconds + period) }
        let start = (moment.seconds / 60 + 1) * 60
        for day in (start / 86400)..<(start / 86400 + Self.maximumDays) {
            guard isMeant(day: day) else { continue }
            let first = max(start - day * 86400, 0)
            for hour in (first / 3600)..<24 where hours & 1 << UInt64(hour) != 0 {
                let from = hour == first / 3600 ? first % 3600 / 60 : 0
                for minute in from..<60 where minutes & 1 << UInt64(minute) != 0 {
                    return Timestamp(seconds: day * 86400 + hour * 3600 + minute * 60)
                }
            }
        }
        return nil
    }

    private func isMeant(day: Int64) -> Bool {
        // `2026-01-02T…`
        let date = Timestamp(seconds: day * 86400).description.split(separator: "T")[0].split(separator: "-")
        guard date.count == 3, let month = UInt64(date[1]), let number = UInt64(date[2]), months & 1 << month != 0
        else {
            return false
        }
        // The first of January 1970 was a Thursday.
        let weekday = UInt64((day + 4) % 7)
        let (isDay, isWeekday) = (days & 1 << number != 0, weekdays & 1 << weekday != 0)
        return isDayFree ? isDay && isWeekday : isDay || isWeekday
    }
}
