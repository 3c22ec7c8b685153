// SPDX-License-Identifier: Apache-2.0

/// Lets values with the same text, read by ``JSONReader/readShared(into:)``, share their storage.
///
/// Pass one to all ``JSON/decode(_:from:sharing:)`` calls for texts that repeat each other, such as the objects of a
/// list. It remembers at most 1024 values, the newest ones, of at most 1 KiB of text each; a value stays in memory as
/// long as the sharing, or anybody else, holds it.
public final class JSONSharing {
    @usableFromInline
    class Entry {
        @usableFromInline let bytes: ContiguousArray<UInt8>
        @usableFromInline let type: ObjectIdentifier

        @usableFromInline
        init(bytes: UnsafeRawBufferPointer, type: ObjectIdentifier) {
            self.bytes = ContiguousArray(bytes)
            self.type = type
        }

        @inlinable
        func isFor(_ other: UnsafeRawBufferPointer) -> Bool {
            bytes.count == other.count && bytes.withUnsafeBytes { $0.elementsEqual(other) }
        }
    }

    @usableFromInline
    final class Holder<Value>: Entry {
        @usableFromInline let value: Value

        @inlinable
        init(_ value: Value, bytes: UnsafeRawBufferPointer) {
            self.value = value
            super.init(bytes: bytes, type: ObjectIdentifier(Value.self))
        }
    }

    /// Shorter texts have no storage to share, with their quotes or brackets; longer ones hardly come twice.
    @inlinable static var lengths: ClosedRange<Int> { 18...1024 }
    @inlinable static var slotCount: Int { 1024 }

    @usableFromInline var entries = [Entry?](repeating: nil, count: slotCount)

    /// Creates one that remembers nothing yet.
    @inlinable
    public init() {}

    @inlinable
    func slot(of bytes: UnsafeRawBufferPointer) -> Int {
        var hash = UInt64(truncatingIfNeeded: bytes.count)
        var offset = 0
        while offset + 8 <= bytes.count {
            hash = Self.mix(hash, bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset += 8
        }
        // No text here is shorter than a word; the last one may overlap the one before.
        hash = Self.mix(hash, bytes.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self))
        return Int(truncatingIfNeeded: (hash ^ (hash >> 32)) & UInt64(Self.slotCount - 1))
    }

    @inlinable @inline(__always)
    static func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        let product = (hash ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return product.high ^ product.low
    }

    @inlinable
    func value<Value>(in slot: Int, of bytes: UnsafeRawBufferPointer) -> Value? {
        guard let entry = entries[slot], entry.type == ObjectIdentifier(Value.self), entry.isFor(bytes) else {
            return nil
        }
        // The type has just been compared.
        return unsafeDowncast(entry, to: Holder<Value>.self).value
    }

    @inlinable
    func keep<Value>(_ value: Value, in slot: Int, of bytes: UnsafeRawBufferPointer) {
        entries[slot] = Holder(value, bytes: bytes)
    }
}
