// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI

extension Collection {
    /// The collection itself, or nil if it has no elements, so that an empty field is left out.
    var nonEmpty: Self? { isEmpty ? nil : self }
}

extension BinaryInteger {
    /// The number itself, or nil if it is 0, so that the field is left out.
    var nonZero: Self? { self == 0 ? nil : self }
}

extension Bool {
    /// True, or nil, so that the field is left out when false.
    var onlyTrue: Bool? { self ? true : nil }
}

extension ObjectReference {
    /// The reference without the parts that a field of the schema has no room for.
    ///
    /// The API server drops unknown fields from an update and refuses them in a server-side apply.
    func trimmed(keepingUID: Bool = false) -> ObjectReference {
        var reference = self
        reference.fieldPath = nil
        if !keepingUID { reference.uid = nil }
        return reference
    }
}
