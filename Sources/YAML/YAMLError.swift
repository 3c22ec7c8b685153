// SPDX-License-Identifier: Apache-2.0

/// Why a YAML text could not be read.
public struct YAMLError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong.
    public var message: String
    /// The line, counted from 1.
    public var line: Int

    /// Creates an error.
    public init(message: String, line: Int) {
        self.message = message
        self.line = line
    }

    /// The line and what is wrong there.
    public var description: String { "line \(line): \(message)" }
}
