// SPDX-License-Identifier: Apache-2.0
import KubeAPI
public import KubeClient
import Synchronization

// Reading one's own writes: the watch brings them, a little later.
extension Store {
    /// Waits until a write that this program has made is in the store.
    ///
    /// - Parameters:
    ///   - written: the object as the server answered it.
    ///   - timeout: the longest time to wait.
    ///   - clock: what the time is measured with.
    /// - Throws: ``/KubeClient/KubeError`` with ``/KubeClient/KubeError/Code/deadlineExceeded`` if it takes longer,
    ///   ``/KubeClient/KubeError/Code/cancelled`` if the task is cancelled, ``/KubeClient/KubeError/Code/badRequest`` if the object has no
    ///   resourceVersion.
    public func waitUntilContains(
        _ written: Object,
        timeout: Duration = .seconds(10),
        clock: AnyClock = .continuous
    ) async throws(KubeError) {
        guard let version = written.metadata.resourceVersion, !version.isEmpty else {
            throw KubeError(code: .badRequest, message: "\(ObjectKey(written)) has no resourceVersion to wait for")
        }
        try await waitUntil(resourceVersion: version, of: ObjectKey(written), timeout: timeout, clock: clock)
    }

    /// Waits until the store has caught up with a version of an object.
    ///
    /// Where the server's versions can be compared (KEP-5504), that is when everything up to the version is in, also if
    /// it was a deletion or has been overwritten since. Where they cannot, it is when the object itself comes by in
    /// that version; if that has already passed, this waits in vain until the timeout.
    ///
    /// A store that only holds selected objects advances with these, and with the server's bookmarks, which come about
    /// once a minute.
    /// - Parameters:
    ///   - version: the version that the server answered to the write.
    ///   - key: the object that was written.
    ///   - timeout: the longest time to wait.
    ///   - clock: what the time is measured with.
    /// - Throws: ``/KubeClient/KubeError`` with ``/KubeClient/KubeError/Code/deadlineExceeded`` if it takes longer,
    ///   ``/KubeClient/KubeError/Code/cancelled`` if the task is cancelled.
    public func waitUntil(
        resourceVersion version: String,
        of key: ObjectKey,
        timeout: Duration = .seconds(10),
        clock: AnyClock = .continuous
    ) async throws(KubeError) {
        let wanted = ResourceVersion(version)
        try await wait(for: "version \(version) of \(key)", timeout: timeout, clock: clock) { content in
            if content.objects[key]?.object.metadata.resourceVersion == version { return true }
            guard let wanted, let reached = ResourceVersion(content.version(of: key.namespace)) else { return false }
            return wanted <= reached
        }
    }

    /// Waits until an object is gone.
    /// - Parameters:
    ///   - key: the object's name.
    ///   - uid: its identity, so that another one that takes the name is not waited for; nil for any.
    ///   - timeout: the longest time to wait.
    ///   - clock: what the time is measured with.
    /// - Throws: as ``waitUntil(resourceVersion:of:timeout:clock:)``.
    public func waitUntilDeleted(
        _ key: ObjectKey,
        uid: String? = nil,
        timeout: Duration = .seconds(10),
        clock: AnyClock = .continuous
    ) async throws(KubeError) {
        try await wait(for: "the deletion of \(key)", timeout: timeout, clock: clock) { content in
            guard let object = content.objects[key]?.object else { return true }
            return uid != nil && object.metadata.uid != uid
        }
    }

    private func wait(
        for what: String,
        timeout: Duration,
        clock: AnyClock,
        until condition: @escaping StoreWaiters<Object>.Condition
    ) async throws(KubeError) {
        do {
            try await withTimeout(timeout, clock: clock) { try await self.wait(until: condition) }
        } catch let error as KubeError {
            throw KubeError(
                code: error.code,
                message: "the store of \(Object.self) does not hold \(what) yet: \(error.message)",
                cause: error
            )
        } catch {
            throw KubeError(code: .cancelled, message: "the wait for \(what) was cancelled", cause: error)
        }
    }

    private func wait(until condition: @escaping StoreWaiters<Object>.Condition) async throws(CancellationError) {
        let id = state.withLock { $0.waiters.makeID() }
        let isSatisfied = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
                let outcome: Bool? = state.withLock { state in
                    if condition(state.content) { return true }
                    // A cancellation before this point has found no waiter to wake.
                    if Task.isCancelled { return false }
                    state.waiters.add(id, continuation, until: condition)
                    return nil
                }
                if let outcome { continuation.resume(returning: outcome) }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiters.remove(id) }
            waiter?.resume(returning: false)
        }
        if !isSatisfied { throw CancellationError() }
    }
}
