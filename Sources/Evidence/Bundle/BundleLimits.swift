// SPDX-License-Identifier: Apache-2.0

extension BundleEvidence {
    /// How much of a bundle is read at most.
    public struct Limits: Sendable, Hashable {
        /// Files and directories.
        public var entries = 50_000
        /// How deep directories may be nested.
        public var depth = 16
        /// Bytes of one file of objects, and of an archive.
        public var fileBytes = 128 << 20
        /// Bytes of all files of objects.
        public var totalBytes = 512 << 20
        /// Lines of one container's log, counted from its end.
        public var logLines = 200
        /// Bytes of one container's log, counted from its end.
        public var logBytes = 64 << 10
        /// Bytes of all logs.
        public var totalLogBytes = 64 << 20

        /// Creates the default limits.
        public init() {}
    }
}
