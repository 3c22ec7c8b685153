// SPDX-License-Identifier: Apache-2.0

/// What a reflector lists and watches, and how patient it is.
public struct ReflectorConfiguration: Sendable {
    /// Only objects with these labels, in the selector syntax; nil for all.
    public var labelSelector: String?
    /// Only objects with these field values, such as `spec.nodeName=worker-1`; nil for all.
    public var fieldSelector: String?
    /// Whether to ask for lists as streams (KEP-3157): the objects come one by one, at the start of the watch.
    ///
    /// Where the server does not offer that, a list is read instead, in the same attempt.
    public var streamsLists: Bool
    /// How long a stream may take to complete the list.
    ///
    /// A server that ignores what it was asked for never completes it. After this time the list is read instead, and
    /// this reflector asks for no stream again.
    public var streamTimeout: Duration
    /// How often to warn that a stream has not completed the list.
    public var streamWarningInterval: Duration
    /// The most objects on one page of a list.
    public var pageSize: Int
    /// Whether every list that is not a stream comes in pages.
    ///
    /// Servers answer the lists of a reflector from their cache if they may, and then all at once, whatever the page
    /// size is. That is quick, but a large collection is for a moment in this process's memory as text. With this,
    /// they read from their store, page by page.
    public var alwaysPages: Bool
    /// After how many seconds the server should end a watch, at the least; at most it is twice that.
    ///
    /// Not under 300.
    public var minimumWatchSeconds: Int
    /// A watch that ends sooner than this and without an event counts as failed.
    public var shortestHealthyWatch: Duration
    /// The delays between failed attempts.
    public var backoff: Backoff
    /// Who is told of lists, watches and their failures; nil for nobody.
    public var metrics: (any ReflectorMetrics)?

    /// Creates a configuration; the default follows everything.
    public init(
        labelSelector: String? = nil,
        fieldSelector: String? = nil,
        streamsLists: Bool = true,
        streamTimeout: Duration = .seconds(60),
        streamWarningInterval: Duration = .seconds(10),
        pageSize: Int = 500,
        alwaysPages: Bool = false,
        minimumWatchSeconds: Int = 300,
        shortestHealthyWatch: Duration = .seconds(1),
        backoff: Backoff = Backoff(),
        metrics: (any ReflectorMetrics)? = nil
    ) {
        self.labelSelector = labelSelector
        self.fieldSelector = fieldSelector
        self.streamsLists = streamsLists
        self.streamTimeout = streamTimeout
        self.streamWarningInterval = streamWarningInterval
        self.pageSize = pageSize
        self.alwaysPages = alwaysPages
        self.minimumWatchSeconds = max(minimumWatchSeconds, 300)
        self.shortestHealthyWatch = shortestHealthyWatch
        self.backoff = backoff
        self.metrics = metrics
    }
}
