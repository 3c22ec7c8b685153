// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import Testing

@testable import KubeClient

@Suite("What is tried again")
struct RetryStateMachineTests {
    private static func answer(_ status: Int, retryAfter: Duration?) -> KubeError {
        var error = KubeError(status: Status(code: status))
        error.retryAfter = retryAfter
        return error
    }

    private static var loss: KubeError {
        var error = KubeError(code: .connection, message: "lost")
        error.isConnectionLost = true
        return error
    }

    private static func machine(
        _ method: Request.Method = .get,
        timeout: Duration? = nil,
        _ policy: RetryPolicy = RetryPolicy()
    ) -> RetryStateMachine {
        RetryStateMachine(policy: policy, method: method, timeout: timeout)
    }

    private func delay(_ action: RetryStateMachine.Action) -> Duration? {
        guard case .retry(let delay) = action else { return nil }
        return delay
    }

    @Test(
        "given a failure, when it comes, then it is tried again only if that cannot have an effect twice",
        arguments: [
            (.get, answer(429, retryAfter: .seconds(1)), true), (.post, answer(429, retryAfter: .seconds(1)), true),
            (.patch, answer(503, retryAfter: .seconds(1)), true), (.delete, answer(503, retryAfter: .zero), true),
            (.get, answer(500, retryAfter: .seconds(1)), true), (.post, answer(500, retryAfter: .seconds(1)), false),
            (.get, answer(504, retryAfter: .seconds(1)), true), (.put, answer(504, retryAfter: .seconds(1)), false),
            // Without the header the server has not said that another try may help.
            (.get, answer(429, retryAfter: nil), false), (.get, answer(503, retryAfter: nil), false),
            (.get, answer(504, retryAfter: nil), false), (.get, answer(409, retryAfter: .seconds(1)), false),
            (.get, loss, true), (.post, loss, false), (.put, loss, false), (.patch, loss, false),
            (.delete, loss, false),
            (.get, KubeError(code: .connection, message: "refused"), false),
            (.get, KubeError(code: .deadlineExceeded, message: "late"), false),
            (.get, KubeError(code: .cancelled, message: "stop"), false),
            (.get, KubeError(code: .decoding, message: "what?"), false),
        ] as [(Request.Method, KubeError, Bool)]
    )
    func kinds(method: Request.Method, error: KubeError, isRetried: Bool) {
        var machine = Self.machine(method)
        #expect((delay(machine.failed(error, elapsed: .zero, random: 0)) != nil) == isRetried)
        var never = Self.machine(method, .none)
        #expect(delay(never.failed(error, elapsed: .zero, random: 0)) == nil)
    }

    @Test("given a server that puts off for ever, when it is asked, then it is asked eleven times in all")
    func maximumRetries() {
        var machine = Self.machine(.post)
        let error = Self.answer(429, retryAfter: .seconds(1))
        for _ in 0..<10 { #expect(delay(machine.failed(error, elapsed: .zero, random: 0)) != nil) }
        guard case .fail(let last) = machine.failed(error, elapsed: .zero, random: 0) else {
            Issue.record("an eleventh retry")
            return
        }
        #expect(last.code == .tooManyRequests)
        #expect(last.retryAfter == .seconds(1))
        #expect(last.message.hasSuffix("(try 11)"))
    }

    @Test("given connections that break, when a read is sent, then three more tries follow, each after twice the time")
    func connectionLoss() {
        var machine = Self.machine()
        let delays = (0..<4).map { _ in delay(machine.failed(Self.loss, elapsed: .zero, random: 0.5)) }
        #expect(delays == [.milliseconds(150), .milliseconds(300), .milliseconds(600), nil])
    }

    @Test(
        "given a wait that the server asks for, when a retry is planned, then it is not earlier and a bit random",
        arguments: [
            (.seconds(4), 0, .seconds(4)), (.seconds(4), 1, .seconds(5)), (.zero, 0, .milliseconds(100)),
            (.seconds(60), 0, .seconds(60)), (.seconds(60), 1, .seconds(60) + .milliseconds(100)),
            (.seconds(61), 0, nil),
        ] as [(Duration, Double, Duration?)]
    )
    func waits(asked: Duration, random: Double, expected: Duration?) {
        var machine = Self.machine()
        #expect(delay(machine.failed(Self.answer(503, retryAfter: asked), elapsed: .zero, random: random)) == expected)
    }

    @Test("given a time limit, when a retry would begin after it, then the request fails at once with the last answer")
    func timeLimit() {
        var machine = Self.machine(timeout: .seconds(30))
        let error = Self.answer(429, retryAfter: .seconds(10))
        #expect(delay(machine.failed(error, elapsed: .seconds(1), random: 0)) == .seconds(10))
        #expect(delay(machine.failed(error, elapsed: .seconds(12), random: 0)) == .seconds(10))
        guard case .fail(let last) = machine.failed(error, elapsed: .seconds(23), random: 0) else {
            Issue.record("a retry beyond the limit")
            return
        }
        #expect(last.code == .tooManyRequests)
        #expect(machine.remainingTime(elapsed: .seconds(12)) == .seconds(18))
        #expect(machine.remainingTime(elapsed: .seconds(40)) == .milliseconds(1))
        #expect(Self.machine(timeout: nil).remainingTime(elapsed: .seconds(40)) == nil)
    }
}

@Suite("Retry-After")
struct RetryAfterTests {
    @Test(
        "given a header, when it is read, then both forms are understood and nothing else",
        arguments: [
            ("0", .seconds(0)), ("120", .seconds(120)), ("-1", nil), ("", nil), ("1.5", nil), ("soon", nil),
            ("Sun, 06 Nov 1994 08:49:37 GMT", .date(784_111_777)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", .date(784_111_777)),
            ("Sun Nov  6 08:49:37 1994", .date(784_111_777)), ("Sun, 06 Nov 1994", nil),
        ] as [(String, RetryAfter?)]
    )
    func forms(text: String, expected: RetryAfter?) {
        #expect(RetryAfter(text) == expected)
    }

    @Test(
        "given a date, when the wait is computed, then the server's clock counts if it is known, and it is never negative"
    )
    func dates() {
        #expect(RetryAfter.date(1000).wait(serverDate: 990) { 5000 } == .seconds(10))
        #expect(RetryAfter.date(1000).wait(serverDate: nil) { 970 } == .seconds(30))
        #expect(RetryAfter.date(1000).wait(serverDate: 2000) { 0 } == .zero)
        #expect(RetryAfter.seconds(7).wait(serverDate: 2000) { 0 } == .seconds(7))
    }
}
