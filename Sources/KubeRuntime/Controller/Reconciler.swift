// SPDX-License-Identifier: Apache-2.0

/// Brings the world in line with what one object asks for.
///
/// A request only names the object. What has happened to it does not matter: look at what is there now, compare it
/// with what should be, and do what is missing. The same request may come at any time, and again after a failure.
///
/// ```swift
/// struct WebReconciler: Reconciler {
///     let webs: Store<Web>
///
///     func reconcile(_ request: ObjectKey) async throws -> ReconcileResult {
///         guard let web = webs[request] else { return .done }  // it is gone
///         try await applyDeployment(for: web)
///         return .done
///     }
/// }
/// ```
public protocol Reconciler: Sendable {
    /// What a request names; usually an ``ObjectKey``.
    associatedtype Request: Hashable & Sendable = ObjectKey

    /// Does what is to be done for the request.
    ///
    /// No two calls for equal requests run at the same time. The task is cancelled if the process loses its
    /// leadership or has to stop.
    /// - Throws: any error, to be called again after a delay that grows with each failure in a row;
    ///   ``TerminalError`` not to be called again before something changes.
    func reconcile(_ request: Request) async throws -> ReconcileResult
}

/// How a reconciliation that has not failed goes on.
public struct ReconcileResult: Sendable, Hashable {
    enum Next: Sendable, Hashable {
        case nothing
        case rateLimited
        case after(Duration)
    }

    let next: Next
    /// The priority of the next call; nil to keep the present one.
    public var priority: Int?

    /// There is nothing left to do until something changes.
    public static var done: ReconcileResult { ReconcileResult(next: .nothing) }

    /// Call again after this time, even if nothing changes; sooner if something does.
    ///
    /// Zero or less means at once.
    public static func requeue(after delay: Duration) -> ReconcileResult { ReconcileResult(next: .after(delay)) }

    /// Call again after a delay that grows each time, as if it had failed, but without calling it a failure.
    public static var requeue: ReconcileResult { ReconcileResult(next: .rateLimited) }

    /// The same result with a priority for the next call.
    public func withPriority(_ priority: Int) -> ReconcileResult {
        var result = self
        result.priority = priority
        return result
    }
}

/// An error that trying again does not help against, such as a spec that makes no sense.
public struct TerminalError: Error, Sendable, CustomStringConvertible {
    /// What went wrong.
    public let cause: any Error

    /// Wraps an error.
    public init(_ cause: any Error) { self.cause = cause }

    /// The wrapped error's description.
    public var description: String { "\(cause)" }
}
