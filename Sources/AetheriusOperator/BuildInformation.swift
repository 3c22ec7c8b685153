// SPDX-License-Identifier: Apache-2.0

/// Which build of the program runs.
public struct BuildInformation: Sendable, Hashable {
    /// The version, such as `0.1.0`.
    public var version: String
    /// The commit it was built from; empty if whoever built it did not say.
    public var commit: String

    /// Describes a build.
    public init(version: String, commit: String = "") {
        self.version = version
        self.commit = commit
    }
}
