// SPDX-License-Identifier: Apache-2.0

/// Tells which of two resourceVersions is newer, where that can be told.
///
/// They are opaque except for this: versions of one kind of object that are decimal numbers without a leading zero
/// are in the order of these numbers (KEP-5504). The numbers may have any length.
package struct ResourceVersion: Sendable, Comparable {
    private let digits: String.UTF8View

    /// Takes a version that can be compared; nil for any other.
    package init?(_ text: String) {
        let digits = text.utf8
        guard let first = digits.first, first != UInt8(ascii: "0") else { return nil }
        guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        self.digits = digits
    }

    package static func < (left: ResourceVersion, right: ResourceVersion) -> Bool {
        let (leftCount, rightCount) = (left.digits.count, right.digits.count)
        if leftCount != rightCount { return leftCount < rightCount }
        return left.digits.lexicographicallyPrecedes(right.digits)
    }

    package static func == (left: ResourceVersion, right: ResourceVersion) -> Bool {
        left.digits.elementsEqual(right.digits)
    }
}
