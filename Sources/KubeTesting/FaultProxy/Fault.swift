// SPDX-License-Identifier: Apache-2.0

/// One way in which a ``FaultProxy`` treats a request badly.
///
/// The raw value is the name that reports show.
public enum Fault: String, Sendable, Hashable, CaseIterable {
    // MARK: Before the API server is asked

    /// The answer comes late, by up to half a second.
    case lateAnswer
    /// The connection is reset (RST) instead of an answer.
    case resetBeforeAnswer
    /// Nothing is ever answered, and the connection stays open.
    case unansweredRequest
    /// 429 that names no time.
    case tooManyRequests
    /// 429 with `Retry-After: 1`.
    case tooManyRequestsWithRetryAfter
    /// 500.
    case internalServerError
    /// 503.
    case serviceUnavailable
    /// 504.
    case gatewayTimeout
    /// 410 to a list, as if its resourceVersion were compacted.
    case expiredList
    /// 410 to a later page, as if the continue token had expired.
    case expiredPage
    /// 410 to a watch, as an HTTP status.
    case expiredWatch
    /// 504 with the cause `ResourceVersionTooLarge`; only where a request names a resourceVersion.
    case tooLargeResourceVersion

    // MARK: In an answer

    /// The connection is reset after the headers.
    case resetAfterHeader
    /// The connection is reset in the middle of the body.
    case resetInAnswer
    /// The JSON ends in the middle, and HTTP says that this is all.
    case truncatedAnswer
    /// The answer stops in the middle, and the connection stays open for ever.
    case stalledAnswer
    /// A list whose resourceVersion is no number.
    case garbageListVersion

    // MARK: In a watch

    /// The watch is closed in good order at once.
    case emptyWatch
    /// The watch is closed in good order after some events.
    case closedWatch
    /// The connection is reset in the middle of an event.
    case resetInWatch
    /// The watch ends in the middle of an event, in good order as far as HTTP knows.
    case truncatedEvent
    /// After some events nothing comes any more, and the connection stays open for ever.
    case stalledWatch
    /// An ERROR event with 410 ends the watch.
    case expiredEvent
    /// An ERROR event with 500 ends the watch.
    case internalErrorEvent
    /// An ERROR event with 429 ends the watch.
    case tooManyRequestsEvent
    /// An ERROR event with the cause `ResourceVersionTooLarge` ends the watch.
    case tooLargeResourceVersionEvent
    /// Some events come late, by up to a tenth of a second each.
    case lateEvents
    /// An event is lost, and a line that is no JSON comes in its place.
    case unparsableEvent
    /// An event is lost, and a line of 33 MiB comes in its place.
    case oversizedEvent
    /// An event comes twice.
    case duplicatedEvent
    /// An event comes again after a later one.
    case staleEvent
    /// A bookmark comes whose resourceVersion is no number.
    case garbageBookmark
    /// A bookmark comes whose resourceVersion is far ahead of the event that follows.
    case futureBookmark
}

extension Fault {
    /// The requests that it can happen to.
    public var requests: Set<FaultProxy.RequestKind> {
        switch self {
        case .lateAnswer, .resetBeforeAnswer, .unansweredRequest, .tooManyRequests, .tooManyRequestsWithRetryAfter,
            .internalServerError, .serviceUnavailable, .gatewayTimeout, .resetAfterHeader:
            [.list, .page, .watch, .write]
        case .resetInAnswer, .truncatedAnswer, .stalledAnswer, .garbageListVersion: [.list, .page]
        case .expiredList: [.list]
        case .expiredPage: [.page]
        case .tooLargeResourceVersion: [.list, .watch]
        case .expiredWatch, .emptyWatch, .closedWatch, .resetInWatch, .truncatedEvent, .stalledWatch, .expiredEvent,
            .internalErrorEvent, .tooManyRequestsEvent, .tooLargeResourceVersionEvent, .lateEvents, .unparsableEvent,
            .oversizedEvent, .duplicatedEvent, .staleEvent, .garbageBookmark, .futureBookmark:
            [.watch]
        }
    }

    /// Whether a watch that meets it can be taken up where it ended, so that nothing has to be listed again.
    public var isResumable: Bool {
        switch self {
        case .closedWatch, .resetInWatch, .truncatedEvent, .stalledWatch, .tooManyRequestsEvent, .lateEvents,
            .duplicatedEvent, .emptyWatch:
            true
        default: false
        }
    }

    /// Whether a client notices it only by waiting.
    public var isSilent: Bool {
        switch self {
        case .unansweredRequest, .stalledAnswer, .stalledWatch: true
        default: false
        }
    }
}
