// SPDX-License-Identifier: Apache-2.0

extension JSONReader {
    /// Reads the next value into a variable; values of the same type and the same bytes share their storage.
    ///
    /// The objects of a list repeat much of each other: labels, resources, images, owners. Read with this, such a
    /// string, array or dictionary is made once for the whole text, or for all texts that are read with one
    /// ``JSONSharing``, which saves memory and time. `null` leaves the variable as it is.
    @inlinable
    public mutating func readShared<Value: JSONDecodable>(into value: inout Value) throws(JSONError) {
        if try readNull() { return }
        value = try sharedValue()
    }

    /// Reads the next value into an optional variable; values of the same type and the same bytes share their storage.
    @inlinable
    public mutating func readShared<Value: JSONDecodable>(into value: inout Value?) throws(JSONError) {
        if try readNull() { return }
        value = try sharedValue() as Value
    }

    @inlinable
    mutating func sharedValue<Value: JSONDecodable>() throws(JSONError) -> Value {
        _ = try nextToken()
        let start = position
        try skipValue()
        let bytes = UnsafeRawBufferPointer(start: base + start, count: position - start)
        guard JSONSharing.lengths.contains(bytes.count) else {
            goBack(to: start)
            return try Value(from: &self)
        }
        let values = sharing ?? JSONSharing()
        sharing = values
        let slot = values.slot(of: bytes)
        if let value: Value = values.value(in: slot, of: bytes) { return value }
        goBack(to: start)
        let value = try Value(from: &self)
        values.keep(value, in: slot, of: bytes)
        return value
    }

    @inlinable
    mutating func goBack(to start: Int) {
        position = start
        needsComma = false
    }
}
