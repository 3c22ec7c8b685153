// SPDX-License-Identifier: Apache-2.0

/// Where jitter comes from, so that tests can do without.
public struct RandomSource: Sendable {
    private let unit: @Sendable () -> Double

    /// Wraps a function that returns numbers from 0 (included) to 1 (excluded), evenly spread.
    public init(_ unit: @escaping @Sendable () -> Double) { self.unit = unit }

    /// The system's generator.
    public static var system: RandomSource { RandomSource { Double.random(in: 0..<1) } }

    /// Always the same number, from 0 (included) to 1 (excluded).
    public static func fixed(_ value: Double) -> RandomSource { RandomSource { value } }

    /// A number from 0 (included) to 1 (excluded).
    public func next() -> Double { unit() }
}
