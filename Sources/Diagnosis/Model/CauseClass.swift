// SPDX-License-Identifier: Apache-2.0

/// The name of a kind of fault, in CamelCase.
///
/// The vocabulary is open: an analyzer adds a member in its own file.
public struct CauseClass: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The name.
    public let rawValue: String

    /// Creates a class by its name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The name.
    public var description: String { rawValue }
}

extension CauseClass {
    /// Whether it says only that a process ends or waits, and not what is wrong with it.
    var isGeneral: Bool { [.applicationCrash, .containerExitedEarly, .initContainerStuck].contains(self) }
}
