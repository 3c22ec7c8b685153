// SPDX-License-Identifier: Apache-2.0

extension JSONReader {
    /// Reads the next value into a variable; `null` leaves the variable as it is.
    ///
    /// Kubernetes treats a field that is null as one that is absent.
    @inlinable
    public mutating func read<Value: JSONDecodable>(into value: inout Value) throws(JSONError) {
        if try readNull() { return }
        value = try Value(from: &self)
    }

    /// Reads the next value into an optional variable; `null` leaves the variable as it is.
    @inlinable
    public mutating func read<Value: JSONDecodable>(into value: inout Value?) throws(JSONError) {
        if try readNull() { return }
        value = try Value(from: &self)
    }
}

/// A type that can read itself from JSON.
public protocol JSONDecodable {
    /// Reads one value.
    ///
    /// An implementation consumes exactly one value and ignores the keys it does not know.
    init(from reader: inout JSONReader) throws(JSONError)
}

/// A type that can write itself as JSON.
public protocol JSONEncodable {
    /// Writes one value.
    func encode(to writer: inout JSONWriter)
}

/// A type that can read and write itself as JSON.
public typealias JSONCodable = JSONDecodable & JSONEncodable
