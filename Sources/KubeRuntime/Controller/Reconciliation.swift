// SPDX-License-Identifier: Apache-2.0
public import Logging

/// What is known of the reconciliation that the current task works for.
public enum Reconciliation {
    /// Tells this reconciliation from every other one; nil outside of one.
    ///
    /// Child tasks inherit it.
    @TaskLocal public static var id: String?

    /// Puts ``id`` under `reconcile_id` into the metadata of every message that a reconciliation logs.
    ///
    /// ```swift
    /// let logger = Logger(label: "web", metadataProvider: Reconciliation.metadataProvider)
    /// ```
    public static var metadataProvider: Logger.MetadataProvider {
        Logger.MetadataProvider { id.map { ["reconcile_id": "\($0)"] } ?? [:] }
    }

    static func makeID() -> String { String(UInt64.random(in: .min ... .max), radix: 16) }
}
