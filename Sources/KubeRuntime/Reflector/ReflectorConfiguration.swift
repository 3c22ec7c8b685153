// SPDX-License-Identifier: Apache-2.0

/// What a reflector lists and watches, and how patient it is.
public struct ReflectorConfiguration: Sendable {
    /// Only objects with these labels, in the selector syntax; nil for all.
    public var labelSelector: String?
    /// Only objects with these field values, such as `spec.nodeName=worker-1`; nil for all.
    public var fieldSelector: String?
    /// The most objects on one page of a list.
    public var pageSize: Int
    /// After how many seconds the server should end a watch, at the least; at most it is twice that.
    ///
    /// Not under 300.
    public var minimumWatchSeconds: Int
    /// A watch that ends sooner than this and without an event counts as failed.
    public var shortestHealthyWatch: Duration
    /// The delays between failed attempts.
    public var backoff: Backoff

    /// Creates a configuration; the default follows everything.
    public init(
        labelSelector: String? = nil,
        fieldSelector: String? = nil,
        pageSize: Int = 500,
        minimumWatchSeconds: Int = 300,
        shortestHealthyWatch: Duration = .seconds(1),
        backoff: Backoff = Backoff()
    ) {
        self.labelSelector = labelSelector
        self.fieldSelector = fieldSelector
        self.pageSize = pageSize
        self.minimumWatchSeconds = max(minimumWatchSeconds, 300)
        self.shortestHealthyWatch = shortestHealthyWatch
        self.backoff = backoff
    }
}
