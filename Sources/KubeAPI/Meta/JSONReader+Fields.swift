// SPDX-License-Identifier: Apache-2.0
package import JSON

extension JSONReader {
    /// Reads an object key by key; `null` has no keys.
    ///
    /// The closure consumes the value of each key.
    package mutating func readFields(
        _ body: (JSONKey, inout JSONReader) throws(JSONError) -> Void
    ) throws(JSONError) {
        if try readNull() { return }
        try beginObject()
        while let key = try nextKey() { try body(key, &self) }
    }
}
