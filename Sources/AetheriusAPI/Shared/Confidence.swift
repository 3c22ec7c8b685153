// SPDX-License-Identifier: Apache-2.0

/// Numbers between 0 and 1 that say how sure something is.
public enum Confidence {
    /// The number within 0…1, rounded to hundredths, as it is written into a status.
    ///
    /// Rounding keeps a status from changing, and so from being written again, over a difference nobody can read.
    /// Not-a-number becomes 0.
    public static func rounded(_ value: Double) -> Double {
        guard !value.isNaN else { return 0 }
        return (min(max(value, 0), 1) * 100).rounded() / 100
    }
}
