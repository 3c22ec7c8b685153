// SPDX-License-Identifier: Apache-2.0
public import KubeAPI

/// Which part of a container's log to read.
public struct LogOptions: Sendable, Hashable {
    /// The container; may be nil only if the pod has one.
    public var container: String?
    /// Whether to read the log of the run before the present one.
    public var previous: Bool
    /// Only the last lines.
    public var tailLines: Int?
    /// At most this many bytes, from the front of what is selected.
    public var limitBytes: Int?
    /// Only lines of the last seconds; not together with ``sinceTime``.
    public var sinceSeconds: Int?
    /// Only lines from this moment on, whole seconds; not together with ``sinceSeconds``.
    public var sinceTime: Timestamp?
    /// Whether each line begins with its time (RFC 3339, nanoseconds) and a space.
    public var timestamps: Bool

    /// Creates options; the default reads the whole present log.
    public init(
        container: String? = nil,
        previous: Bool = false,
        tailLines: Int? = nil,
        limitBytes: Int? = nil,
        sinceSeconds: Int? = nil,
        sinceTime: Timestamp? = nil,
        timestamps: Bool = false
    ) {
        self.container = container
        self.previous = previous
        self.tailLines = tailLines
        self.limitBytes = limitBytes
        self.sinceSeconds = sinceSeconds
        self.sinceTime = sinceTime
        self.timestamps = timestamps
    }
}

extension Request {
    mutating func add(_ options: LogOptions) {
        add("container", options.container)
        add("previous", options.previous ? "true" : nil)
        add("tailLines", options.tailLines.map(String.init))
        add("limitBytes", options.limitBytes.map(String.init))
        add("sinceSeconds", options.sinceSeconds.map(String.init))
        add("sinceTime", options.sinceTime?.wholeSeconds.description)
        add("timestamps", options.timestamps ? "true" : nil)
    }
}
