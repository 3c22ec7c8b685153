// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import Testing

@testable import KubeRuntime

struct ReflectorStateMachineStreamTests {
    private typealias Machine = ReflectorStateMachine<Widget>

    private func machine(_ configuration: ReflectorConfiguration = ReflectorConfiguration()) -> Machine {
        Machine(configuration: configuration, random: .fixed(0))
    }

    /// A machine that has asked for a stream at second 0 and got one.
    private func streaming() -> Machine {
        var machine = machine()
        _ = machine.start()
        machine.watchStarted(now: .at(0))
        return machine
    }

    private func end(version: String) -> WatchEvent<Widget> {
        .bookmark(.init(resourceVersion: version, endsInitialEvents: true))
    }

    @Test("54: given a fresh start, then the first request is a stream of the newest objects, with bookmarks")
    func freshStart() throws {
        let options = try machine(ReflectorConfiguration(labelSelector: "app=web")).started()
        #expect(
            options == WatchOptions(labelSelector: "app=web", sendsInitialEvents: true, timeoutSeconds: 300)
        )
        #expect(options.resourceVersion == nil && options.allowsBookmarks)
    }

    @Test(
        "54: given objects and ordinary bookmarks, then there is no version; given the end, then it is the bookmark's"
    )
    func endOfList() throws {
        var machine = streaming()
        for version in [7, 3, 5] {
            guard case .listed = machine.received(.added(Widget("w", version: version)), now: .at(1)) else {
                Issue.record("an initial object is not in the list")
                return
            }
        }
        guard case .ignored = machine.received(.bookmark(.init(resourceVersion: "90")), now: .at(1)) else {
            Issue.record("a bookmark without the annotation counted")
            return
        }
        #expect(machine.resourceVersion == nil && machine.isListStream)
        guard case .replaced("20") = machine.received(end(version: "20"), now: .at(2)) else {
            Issue.record("the list was not completed")
            return
        }
        #expect(machine.resourceVersion == "20" && !machine.isListStream)
        guard case .applied = machine.received(.added(Widget("w", version: 21)), now: .at(3)) else {
            Issue.record("the stream did not go on as a watch")
            return
        }
        #expect(machine.resourceVersion == "21")
    }

    @Test("55: given a change and a deletion before the end, then they belong to the list")
    func changesBeforeTheEnd() {
        var machine = streaming()
        guard case .listed = machine.received(.modified(Widget("a", version: 5)), now: .at(1)),
            case .unlisted = machine.received(.deleted(Widget("a", version: 6)), now: .at(1))
        else {
            Issue.record("a change before the end of the list was taken for a live one")
            return
        }
        #expect(machine.resourceVersion == nil)
    }

    @Test("56: given a stream that breaks, then there is a delay and another stream, with the same options")
    func brokenStream() throws {
        var machine = machine()
        let options = try machine.start().watch()
        machine.watchStarted(now: .at(0))
        _ = machine.received(.added(Widget("a", version: 7)), now: .at(1))
        #expect(try machine.watchEnded(.of(.connection), now: .at(2)).wait() == .milliseconds(800))
        #expect(try machine.waited().watch() == options)
    }

    @Test("given streams that break again and again, then in the end a list is read")
    func alwaysBreaks() throws {
        var machine = streaming()
        for _ in 1..<Machine.maximumBrokenStreams {
            _ = machine.received(.added(Widget("a", version: 7)), now: .at(1))
            _ = try machine.watchEnded(nil, now: .at(2)).wait()
            #expect(try machine.waited().watch().sendsInitialEvents)
            machine.watchStarted(now: .at(2))
        }
        _ = machine.received(.added(Widget("a", version: 7)), now: .at(3))
        #expect(try machine.watchEnded(nil, now: .at(4)).list() == ListOptions(resourceVersion: "0", limit: 500))
    }

    @Test(
        "57: given a server that refuses a stream, then a list is read at once, and a stream is tried again after it",
        arguments: [KubeError.Code.invalid, .badRequest, .internalError, .forbidden, .notFound, .unexpectedResponse]
    )
    func refused(code: KubeError.Code) throws {
        var machine = machine()
        _ = machine.start()
        let step = machine.watchFailedToStart(.of(code), now: .at(0))
        #expect(try step.list() == ListOptions(resourceVersion: "0", limit: 500))
        #expect(machine.cause == .streamFailed)
        let plain = try machine.listed(.at("10")).replaced().watch
        #expect(!plain.sendsInitialEvents)
        machine.watchStarted(now: .at(1))
        _ = try machine.watchEnded(.of(.decoding), now: .at(2)).wait()
        let again = try machine.waited().watch()
        #expect(again.sendsInitialEvents && again.resourceVersion == "10")
    }

    @Test("57: given 429 or a refused connection, then a stream is tried again after a delay")
    func tooManyRequests() throws {
        var machine = machine()
        let options = try machine.start().watch()
        #expect(try machine.watchFailedToStart(.of(.tooManyRequests), now: .at(0)).wait() == .milliseconds(800))
        #expect(try machine.waited().watch() == options)
        #expect(try machine.watchFailedToStart(.of(.connection), now: .at(1)).wait() == .milliseconds(1600))
        #expect(try machine.waited().watch() == options)
        machine.watchStarted(now: .at(2))
        let event = machine.received(.error(Status(code: 429, reason: "TooManyRequests")), now: .at(2))
        #expect(try event.abandoned().wait() == .milliseconds(3200))
        #expect(try machine.waited().watch() == options)
    }

    @Test(
        "57: given a version that the server does not have, then the newest is streamed; if that fails too, it is listed",
        arguments: [KubeError.Code.expired, .resourceVersionTooLarge]
    )
    func versionUnavailable(code: KubeError.Code) throws {
        var machine = streaming()
        _ = machine.received(end(version: "20"), now: .at(1))
        _ = try machine.watchEnded(.of(.decoding), now: .at(2)).wait()
        #expect(try machine.waited().watch().resourceVersion == "20")
        let newest = try machine.watchFailedToStart(.of(code), now: .at(3)).watch()
        #expect(newest.sendsInitialEvents && newest.resourceVersion == nil)
        #expect(try machine.watchFailedToStart(.of(code), now: .at(4)).list() == ListOptions(limit: 500))
    }

    @Test("57: given an error event or an unreadable line before the end, then a list is read at once")
    func failedStream() throws {
        var machine = streaming()
        _ = try machine.received(.error(Status(code: 500, reason: "Odd")), now: .at(1)).abandoned().list()
        var other = streaming()
        _ = try other.watchEnded(.of(.decoding), now: .at(1)).list()
        var empty = streaming()
        _ = try empty.watchEnded(nil, now: .at(0.5)).list()
    }

    @Test("58: given a list that was completed and a clean end, then there is a plain watch from the last version")
    func cleanEnd() throws {
        var machine = streaming()
        _ = machine.received(end(version: "20"), now: .at(1))
        _ = machine.received(.bookmark(.init(resourceVersion: "25")), now: .at(1))
        #expect(
            try machine.watchEnded(nil, now: .at(1)).watch() == WatchOptions(resourceVersion: "25", timeoutSeconds: 300)
        )
    }

    @Test("59: given a stream that takes too long, then a list is read, and no stream is asked for again")
    func tooLate() throws {
        var machine = streaming()
        #expect(try machine.streamTimedOut().list() == ListOptions(resourceVersion: "0", limit: 500))
        _ = machine.listed(.at("10"))
        _ = try machine.watchFailedToStart(.of(.internalError), now: .at(70)).wait()
        #expect(try machine.waited().list() == ListOptions(resourceVersion: "10"))
    }
}

extension ReflectorStateMachine {
    /// The options of the first request.
    fileprivate func started() throws -> WatchOptions {
        var copy = self
        return try copy.start().watch()
    }
}
