// SPDX-License-Identifier: Apache-2.0
import JSON

extension JSONReader {
    /// Reads a part of an object that may have been stored before its schema was as strict as it is now.
    ///
    /// What cannot be read must not make a whole list unreadable: then one bad object would stop the work on all the
    /// others. So the part stays as it was, and the error says which field is to blame.
    /// - Parameter field: the part's own name, such as `spec`.
    mutating func readTolerantly<Part: JSONDecodable>(
        _ field: String,
        into part: inout Part
    ) throws(JSONError) -> FieldError? {
        guard try !readNull() else { return nil }
        let bytes = try readRaw()
        do {
            part = try JSON.decode(Part.self, from: bytes)
            return nil
        } catch {
            let path = error.path.isEmpty ? field : "\(field).\(error.path)"
            return FieldError(field: path, message: "cannot be read: \(error.message)")
        }
    }
}
