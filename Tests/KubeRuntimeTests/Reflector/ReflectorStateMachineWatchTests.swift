// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import Testing

@testable import KubeRuntime

struct ReflectorStateMachineWatchTests {
    private typealias Machine = ReflectorStateMachine<Widget>

    private func machine(random: Double = 0) -> Machine {
        Machine(configuration: ReflectorConfiguration(streamsLists: false), random: .fixed(random))
    }

    /// A machine that has listed up to version 10 and watches since second 0.
    private func watching() throws -> Machine {
        var machine = machine()
        _ = machine.start()
        _ = try machine.listed(.at("10")).replaced()
        machine.watchStarted(now: .at(0))
        return machine
    }

    @Test("43: given events, a bookmark and a clean end, then the next watch is at once, from the bookmark")
    func cleanEnd() throws {
        var machine = try watching()
        _ = machine.received(.added(Widget("a", version: 15)), now: .at(0))
        _ = machine.received(.modified(Widget("a", version: 16)), now: .at(0))
        _ = machine.received(.bookmark(.init(resourceVersion: "30")), now: .at(0))
        #expect(try machine.watchEnded(nil, now: .at(0.1)).watch().resourceVersion == "30")
    }

    @Test("given a deletion and a clean end, then the next watch is from the version of the deletion")
    func deletionAdvances() throws {
        var machine = try watching()
        _ = machine.received(.deleted(Widget("a", version: 17)), now: .at(0))
        #expect(try machine.watchEnded(nil, now: .at(5)).watch().resourceVersion == "17")
    }

    @Test("given a connection that breaks after an event, then the watch goes on without a list")
    func brokenConnection() throws {
        var machine = try watching()
        _ = machine.received(.modified(Widget("a", version: 15)), now: .at(0))
        #expect(try machine.watchEnded(.of(.connection), now: .at(0.1)).watch().resourceVersion == "15")
    }

    @Test("44: given a watch that ends within a second and without an event, then there is a delay and a list")
    func shortWatch() throws {
        var machine = try watching()
        #expect(try machine.watchEnded(nil, now: .at(0.999)).wait() == .milliseconds(800))
        #expect(try machine.waited().list().resourceVersion == "10")
        var healthy = try watching()
        _ = try healthy.watchEnded(nil, now: .at(1)).watch()
    }

    @Test("45: given an expired event, then there is a delay and a list from the last version")
    func expiredEvent() throws {
        var machine = try watching()
        _ = machine.received(.modified(Widget("a", version: 15)), now: .at(1))
        let status = Status(code: 410, reason: "Expired")
        _ = try machine.received(.error(status), now: .at(2)).abandoned().wait()
        #expect(try machine.waited().list().resourceVersion == "15")
    }

    @Test("46: given 429 at the start and as an event, then each is a delay, and there is no other list")
    func tooManyRequests() throws {
        var machine = machine()
        _ = machine.start()
        _ = machine.listed(.at("10"))
        for expected in [800, 1600, 3200] {
            let step = machine.watchFailedToStart(.of(.tooManyRequests), now: .at(0))
            #expect(try step.wait() == .milliseconds(expected))
            _ = try machine.waited().watch()
        }
        machine.watchStarted(now: .at(10))
        let event = machine.received(.error(Status(code: 429, reason: "TooManyRequests")), now: .at(10))
        #expect(try event.abandoned().wait() == .milliseconds(6400))
        #expect(try machine.waited().watch().resourceVersion == "10")
    }

    @Test("given a time to wait that the server names, then it counts if it is longer than the delay")
    func retryAfter() throws {
        var machine = machine()
        _ = machine.start()
        _ = machine.listed(.at("10"))
        var error = KubeError.of(.tooManyRequests)
        error.retryAfter = .seconds(7)
        #expect(try machine.watchFailedToStart(error, now: .at(0)).wait() == .seconds(7))
    }

    @Test(
        "47: given refused connections at the start of a watch, then delays grow, there is no list, and health ends that"
    )
    func connectionRefused() throws {
        var machine = machine(random: 0.25)
        _ = machine.start()
        _ = machine.listed(.at("10"))
        for expected in [1.0, 2.0, 4.0] {
            #expect(try machine.watchFailedToStart(.of(.connection), now: .at(0)).wait() == .seconds(expected))
            _ = try machine.waited().watch()
        }
        machine.watchStarted(now: .at(10))
        _ = try machine.watchEnded(nil, now: .at(130)).watch()
        #expect(try machine.watchFailedToStart(.of(.connection), now: .at(130)).wait() == .seconds(1))
    }

    @Test(
        "48, 49: given an error event, a line that cannot be read or an overflow, then there is a list",
        arguments: [KubeError.Code.internalError, .decoding, .watchOverflow, .tooLarge]
    )
    func failedWatch(code: KubeError.Code) throws {
        var machine = try watching()
        _ = machine.received(.modified(Widget("a", version: 15)), now: .at(5))
        _ = try machine.watchEnded(.of(code), now: .at(5)).wait()
        #expect(try machine.waited().list().resourceVersion == "15")
    }

    @Test("48: given an error event of an unknown reason, then there is a delay and a list")
    func unknownErrorEvent() throws {
        var machine = try watching()
        _ = try machine.received(.error(Status(code: 500, reason: "Odd")), now: .at(5)).abandoned().wait()
        _ = try machine.waited().list()
    }

    @Test("49: given an event without a name or a version, then it is dropped and the version stays")
    func droppedEvent() throws {
        var machine = try watching()
        guard case .dropped = machine.received(.modified(Widget("", version: 99)), now: .at(0)) else {
            Issue.record("an object without a name was used")
            return
        }
        var widget = Widget("a")
        widget.metadata.resourceVersion = nil
        guard case .dropped = machine.received(.added(widget), now: .at(0)) else {
            Issue.record("an object without a version was used")
            return
        }
        #expect(machine.resourceVersion == "10")
    }

    @Test("49: given an event of another kind, then it is dropped, the version stays and the watch goes on")
    func foreignEvent() throws {
        var machine = Machine(
            configuration: ReflectorConfiguration(streamsLists: false),
            random: .fixed(0),
            accepts: { $0.color != "foreign" }
        )
        _ = machine.start()
        _ = machine.listed(.at("10"))
        machine.watchStarted(now: .at(0))
        guard case .dropped = machine.received(.added(Widget("a", version: 11, color: "foreign")), now: .at(0)) else {
            Issue.record("an object of another kind was used")
            return
        }
        #expect(machine.resourceVersion == "10")
        guard case .applied = machine.received(.added(Widget("a", version: 12)), now: .at(0)) else {
            Issue.record("the watch did not go on")
            return
        }
        #expect(machine.resourceVersion == "12")
    }

    @Test(
        "given an event that is older than the one before, then it is not applied, and the newest data is listed",
        arguments: [
            WatchEvent.added(Widget("a", version: 14)), .modified(Widget("a", version: 9)),
            .deleted(Widget("a", version: 14)), .bookmark(.init(resourceVersion: "14")),
        ]
    )
    func olderEvent(_ event: WatchEvent<Widget>) throws {
        var machine = try watching()
        _ = machine.received(.modified(Widget("a", version: 15)), now: .at(1))
        _ = try machine.received(event, now: .at(2)).abandoned().wait()
        #expect(try machine.waited().list().resourceVersion == nil)
    }

    @Test("given versions that are equal or cannot be compared, then their events are applied")
    func incomparableEvents() throws {
        var machine = try watching()
        for version in ["15", "15", "x9", "3"] {
            var widget = Widget("a")
            widget.metadata.resourceVersion = version
            guard case .applied = machine.received(.modified(widget), now: .at(1)) else {
                Issue.record("version \(version) was not applied")
                return
            }
        }
    }

    @Test("50: given a watch from nowhere, then the versions of its first objects do not count")
    func fromNowhere() throws {
        var machine = machine()
        _ = machine.start()
        #expect(try machine.listed(ListMeta()).replaced().watch.resourceVersion == nil)
        machine.watchStarted(now: .at(0))
        for version in [7, 3, 5] { _ = machine.received(.added(Widget("w\(version)", version: version)), now: .at(0)) }
        #expect(try machine.watchEnded(nil, now: .at(5)).watch().resourceVersion == nil)
        machine.watchStarted(now: .at(5))
        _ = machine.received(.modified(Widget("w7", version: 9)), now: .at(6))
        _ = machine.received(.added(Widget("w10", version: 10)), now: .at(6))
        #expect(try machine.watchEnded(nil, now: .at(7)).watch().resourceVersion == "10")
    }
}
