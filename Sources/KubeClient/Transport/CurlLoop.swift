// SPDX-License-Identifier: Apache-2.0
import CCurl
import COpenSSL
import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// A thread that talks to libcurl.
///
/// A multi handle and everything in it belong to that thread. All others put a command into the mailbox and wake it
/// up, which is the only call that libcurl allows from elsewhere. So no thread of Swift's pool ever waits for the
/// network.
final class CurlLoop: Sendable {
    enum Command: Sendable {
        case start(Transfer)
        case cancel(Transfer)
        case stop
    }

    private struct Mailbox: Sendable {
        var commands: [Command] = []
        var isStopped = false
        /// When the thread was called first since it last came here; nil if it was not.
        var calledAt: ContinuousClock.Instant?

        mutating func call() { if calledAt == nil { calledAt = .now } }
    }

    private let mailbox = Mutex(Mailbox())

    // Written once here; other threads use it only for curl_multi_wakeup, which is made for that, and only under the
    // mailbox's lock while the loop has not stopped, so never after it was freed.
    private nonisolated(unsafe) let multi: UnsafeMutableRawPointer

    private static let isInitialized: Bool = {
        // At the end of a process OpenSSL would take itself apart while this thread may still need it, which can
        // end in a crash that loses what the process has printed last. The system takes the memory back anyway.
        OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ATEXIT), nil)
        return curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
    }()

    init() throws(KubeError) {
        guard Self.isInitialized, let multi = curl_multi_init() else {
            throw KubeError(code: .configuration, message: "libcurl cannot be initialised")
        }
        self.multi = multi
        _ = ccurl_multi_set_long(multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX)
        try startThread()
    }

    /// Puts a command before the thread.
    /// - Returns: false if the loop has been stopped; then the command does nothing.
    @discardableResult
    func post(_ command: Command) -> Bool {
        mailbox.withLock { mailbox in
            guard !mailbox.isStopped else { return false }
            mailbox.commands.append(command)
            mailbox.call()
            curl_multi_wakeup(multi)
            return true
        }
    }

    /// For how long the thread has not come although it was called; zero if it came.
    ///
    /// Looking calls it, so that the next look tells of a thread that nobody else needs.
    func delay() -> Duration {
        mailbox.withLock { mailbox in
            guard !mailbox.isStopped else { return .zero }
            defer {
                mailbox.call()
                curl_multi_wakeup(multi)
            }
            return mailbox.calledAt?.duration(to: .now) ?? .zero
        }
    }

    private func startThread() throws(KubeError) {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self)
        let code = pthread_create(
            &thread,
            nil,
            { context in
                guard let context else { return nil }
                Unmanaged<CurlLoop>.fromOpaque(context).takeRetainedValue().run()
                return nil
            },
            context.toOpaque()
        )
        guard code == 0 else {
            context.release()
            curl_multi_cleanup(multi)
            throw KubeError(
                code: .configuration,
                message: "the thread for the network cannot be started: \(String(cString: strerror(code)))"
            )
        }
        pthread_detach(thread)
    }

    // MARK: On the thread

    /// A request that libcurl works on, with what has to be freed after it.
    private struct Live {
        let transfer: Transfer
        let lists: CurlLists
    }

    private struct LiveTransfers {
        var entries: [UnsafeMutableRawPointer: Live] = [:]
        /// When the answer has to begin, for those whose request sets a limit, until it has begun.
        var answerDeadlines: [UnsafeMutableRawPointer: ContinuousClock.Instant] = [:]
    }

    private func run() {
        var live = LiveTransfers()
        var isRunning = true
        while isRunning {
            for command in mailbox.withLock({ mailbox in
                defer { mailbox.commands.removeAll(keepingCapacity: true) }
                mailbox.calledAt = nil
                return mailbox.commands
            }) {
                switch command {
                case .start(let transfer): start(transfer, &live)
                case .cancel(let transfer): cancel(transfer, &live)
                case .stop: isRunning = false
                }
            }
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            finishCompleted(&live)
            let wait = endUnanswered(&live)
            if isRunning { curl_multi_poll(multi, nil, 0, wait, nil) }
        }
        stop(&live)
    }

    private func start(_ transfer: Transfer, _ live: inout LiveTransfers) {
        guard !transfer.isFinished else { return }
        do throws(KubeError) {
            let (easy, lists) = try transfer.makeHandle()
            live.entries[easy] = Live(transfer: transfer, lists: lists)
            if let timeout = transfer.responseTimeout { live.answerDeadlines[easy] = .now + timeout }
            guard curl_multi_add_handle(multi, easy) == CURLM_OK else {
                remove(easy, &live)
                throw KubeError(code: .connection, message: "libcurl does not take another request")
            }
        } catch {
            transfer.finish(.failure(error))
        }
    }

    private func cancel(_ transfer: Transfer, _ live: inout LiveTransfers) {
        if let easy = live.entries.first(where: { $0.value.transfer === transfer })?.key { remove(easy, &live) }
        // Also if it has not started: a cancelled request must not be started by a command that comes after.
        transfer.finish(.failure(.cancelledRequest))
    }

    private func finishCompleted(_ live: inout LiveTransfers) {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            let code = ccurl_message_result(message)
            guard let entry = live.entries[easy] else { continue }
            let transfer = entry.transfer
            let outcome = transfer.outcome(code, easy, words: entry.lists.words)
            remove(easy, &live)
            transfer.finish(outcome)
        }
    }

    /// Ends the requests whose answer should have begun by now.
    /// - Returns: for how many milliseconds the thread may sleep if nothing happens.
    private func endUnanswered(_ live: inout LiveTransfers) -> Int32 {
        // A minute bounds the damage of a lost wake-up.
        var wait = Duration.seconds(60)
        guard !live.answerDeadlines.isEmpty else { return Int32(wait.milliseconds) }
        let now = ContinuousClock.now
        for (easy, deadline) in live.answerDeadlines {
            guard let transfer = live.entries[easy]?.transfer, !transfer.isHeadComplete else {
                live.answerDeadlines[easy] = nil
                continue
            }
            if deadline > now {
                wait = min(wait, now.duration(to: deadline))
            } else {
                remove(easy, &live)
                transfer.finish(.failure(transfer.unanswered))
            }
        }
        // Rounded up, or the last millisecond would be spent turning in circles.
        return Int32(wait.milliseconds) + 1
    }

    private func remove(_ easy: UnsafeMutableRawPointer, _ live: inout LiveTransfers) {
        live.entries[easy]?.transfer.recordProgress(easy)
        curl_multi_remove_handle(multi, easy)
        curl_easy_cleanup(easy)
        live.entries.removeValue(forKey: easy)?.lists.free()
        live.answerDeadlines[easy] = nil
    }

    private func stop(_ live: inout LiveTransfers) {
        let waiting = mailbox.withLock { mailbox in
            mailbox.isStopped = true
            defer { mailbox.commands = [] }
            return mailbox.commands
        }
        for (easy, entry) in live.entries {
            remove(easy, &live)
            entry.transfer.finish(.failure(.cancelledRequest))
        }
        for case .start(let transfer) in waiting { transfer.finish(.failure(.cancelledRequest)) }
        curl_multi_cleanup(multi)
    }
}

extension KubeError {
    static var cancelledRequest: KubeError {
        KubeError(code: .cancelled, message: "the request was cancelled")
    }
}
