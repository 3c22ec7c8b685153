// SPDX-License-Identifier: Apache-2.0

/// Why a program's settings cannot be used.
public struct SettingsError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, where, and what is possible instead.
    public var description: String

    /// Creates an error.
    public init(_ description: String) { self.description = description }
}
