// SPDX-License-Identifier: Apache-2.0

/// Collects what is wrong with the fields of one object.
///
/// Each check takes the field's path and its value; a nil value is one that is not set and breaks no rule.
struct FieldChecks {
    private(set) var errors: [FieldError] = []

    mutating func report(_ field: String, _ message: String) {
        errors.append(FieldError(field: field, message: message))
    }

    /// A number must lie in a range.
    mutating func range<Number: BinaryInteger>(_ field: String, _ value: Number?, _ allowed: ClosedRange<Number>) {
        guard let value, !allowed.contains(value) else { return }
        report(field, "is \(value); allowed are \(allowed.lowerBound) to \(allowed.upperBound)")
    }

    /// A fraction must lie between 0 and 1.
    mutating func fraction(_ field: String, _ value: Double?) {
        guard let value, !(0...1).contains(value) else { return }
        report(field, "is \(value); allowed are 0 to 1")
    }

    /// A text must have a length (in characters as Kubernetes counts them: Unicode scalars) and a format.
    mutating func text(_ field: String, _ value: String?, _ length: ClosedRange<Int>, _ format: TextFormat? = nil) {
        guard let value else { return }
        let count = value.unicodeScalars.count
        if count == 0, length.lowerBound > 0 {
            report(field, "is empty; " + (format.map { "needed is \($0.description)" } ?? "a text is needed"))
        } else if count > length.upperBound {
            report(field, "has \(count) characters; allowed are at most \(length.upperBound)")
        } else if let format, !format.matches(Array(value.utf8)) {
            report(field, "is '\(value.bounded(toUTF8: 80))'; allowed is \(format.description)")
        }
    }

    /// A collection must have a number of elements.
    mutating func count(_ field: String, _ value: some Collection, _ allowed: ClosedRange<Int>) {
        if value.count > allowed.upperBound {
            report(field, "has \(value.count) elements; allowed are at most \(allowed.upperBound)")
        } else if value.count < allowed.lowerBound {
            report(field, "has \(value.count) elements; needed are at least \(allowed.lowerBound)")
        }
    }

    /// A list must have at most so many texts, each of a length and format.
    mutating func texts(
        _ field: String,
        _ values: [String],
        atMost maximum: Int,
        each length: ClosedRange<Int>,
        _ format: TextFormat? = nil
    ) {
        count(field, values, 0...maximum)
        for (index, value) in values.enumerated() { text("\(field)[\(index)]", value, length, format) }
    }

    /// A map must have at most so many entries, each value a text of a length and format.
    mutating func texts(
        _ field: String,
        _ values: [String: String],
        atMost maximum: Int,
        each length: ClosedRange<Int>,
        _ format: TextFormat? = nil
    ) {
        count(field, values, 0...maximum)
        for (key, value) in values.sorted(by: { $0.key < $1.key }) { text("\(field).\(key)", value, length, format) }
    }

    /// A word must be one of those that are known.
    mutating func known<Word: Vocabulary>(_ field: String, _ value: Word?, except excluded: [Word] = []) {
        guard let value, !value.isKnown || excluded.contains(value) else { return }
        let allowed = Word.known.filter { !excluded.contains($0) }.map(\.rawValue).joined(separator: ", ")
        let found = value.rawValue.isEmpty ? "is missing" : "is '\(value.rawValue.bounded(toUTF8: 80))'"
        report(field, "\(found); allowed are \(allowed)")
    }
}
