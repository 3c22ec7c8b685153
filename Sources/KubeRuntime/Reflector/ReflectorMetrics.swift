// SPDX-License-Identifier: Apache-2.0
public import KubeClient

/// Who is told what a ``Reflector`` does, to count it.
///
/// Give each informer one of its own. Every requirement has a default that does nothing. The calls come from the
/// reflector's task, one after the other, and must not block. ``ReflectorStatistics`` is ready to use.
public protocol ReflectorMetrics: Sendable {
    /// A list begins, as pages or as a stream.
    func listStarted(because cause: ListCause, isStream: Bool)
    /// A list is complete, or has failed.
    func listEnded(after duration: Duration, objectCount: Int, error: KubeError?)
    /// The server has accepted a watch.
    func watchStarted()
    /// A watch has ended, in good order or with an error; `isShort` if at once and without an event.
    func watchEnded(after duration: Duration, eventCount: Int, isShort: Bool, error: KubeError?)
    /// An event has come; `isDropped` if it could not be used.
    func eventReceived(isDropped: Bool)
    /// The collection is known up to this version.
    func advanced(to resourceVersion: String, at time: AnyClock.Instant)
}

extension ReflectorMetrics {
    public func listStarted(because cause: ListCause, isStream: Bool) {}
    public func listEnded(after duration: Duration, objectCount: Int, error: KubeError?) {}
    public func watchStarted() {}
    public func watchEnded(after duration: Duration, eventCount: Int, isShort: Bool, error: KubeError?) {}
    public func eventReceived(isDropped: Bool) {}
    public func advanced(to resourceVersion: String, at time: AnyClock.Instant) {}
}
