// SPDX-License-Identifier: Apache-2.0

/// Random numbers that are the same for the same seed (SplitMix64).
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Creates a generator; the same seed always gives the same numbers.
    public init(seed: UInt64) { state = seed }

    /// Creates a generator for a part of what a seed decides.
    ///
    /// Parts with different names are independent of each other, however many numbers each of them takes.
    public init(seed: UInt64, part: String) {
        // FNV-1a; Swift's own hashes differ from process to process.
        let hash = part.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
        var mixed = SeededGenerator(seed: seed)
        state = mixed.next() ^ hash
    }

    /// The next number.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
