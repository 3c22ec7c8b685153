// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import Testing

@testable import KubeRuntime

struct ReflectorStateMachineTests {
    private typealias Machine = ReflectorStateMachine<Widget>

    private func at(_ seconds: Double) -> AnyClock.Instant { AnyClock.Instant(offset: .seconds(seconds)) }

    private func machine(pageSize: Int = 500, random: Double = 0) -> Machine {
        Machine(configuration: ReflectorConfiguration(pageSize: pageSize), random: .fixed(random))
    }

    /// A machine that has listed up to version 10 and watches since second 0.
    private func watching() throws -> Machine {
        var machine = machine()
        _ = machine.start()
        _ = try replaced(machine.listed(ResourceList([Widget("a")], version: "10")))
        machine.watchStarted(now: at(0))
        return machine
    }

    private func list(_ step: Machine.Step) throws -> ListOptions {
        guard case .list(let options) = step else { throw Unexpected(step: "\(step)") }
        return options
    }

    private func watch(_ step: Machine.Step) throws -> WatchOptions {
        guard case .watch(let options) = step else { throw Unexpected(step: "\(step)") }
        return options
    }

    private func replaced(
        _ step: Machine.Step
    ) throws -> (objects: [Widget], version: String, watch: WatchOptions) {
        guard case .replace(let objects, let version, let watch) = step else { throw Unexpected(step: "\(step)") }
        return (objects, version, watch)
    }

    private func wait(_ step: Machine.Step) throws -> Duration {
        guard case .wait(let delay, _) = step else { throw Unexpected(step: "\(step)") }
        return delay
    }

    private func abandoned(_ outcome: Machine.Outcome) throws -> Machine.Step {
        guard case .abandon(let step) = outcome else { throw Unexpected(step: "\(outcome)") }
        return step
    }

    private struct Unexpected: Error {
        var step: String
    }

    @Test("39: given a fresh start, then the first list is at version 0 in pages, and the watch begins at its version")
    func freshStart() throws {
        var machine = machine(random: 0.999)
        #expect(try list(machine.start()) == ListOptions(resourceVersion: "0", limit: 500))
        let (objects, version, watch) = try replaced(
            machine.listed(ResourceList([Widget("a", version: 12)], version: "10"))
        )
        #expect(objects.map(\.metadata.name) == ["a"])
        // The list's version, not the newest of its objects.
        #expect(version == "10")
        #expect(watch.resourceVersion == "10")
        #expect(watch.allowsBookmarks && !watch.sendsInitialEvents)
        #expect(watch.timeoutSeconds == 599)
    }

    @Test("39: given the least random number, then a watch lasts 300 s")
    func shortestTimeout() throws {
        var machine = machine(random: 0)
        _ = machine.start()
        #expect(try replaced(machine.listed(ResourceList([], version: "10"))).watch.timeoutSeconds == 300)
    }

    @Test("given selectors, then lists and watches have them")
    func selectors() throws {
        let configuration = ReflectorConfiguration(labelSelector: "app=web", fieldSelector: "spec.nodeName=n1")
        var machine = Machine(configuration: configuration, random: .fixed(0))
        let options = try list(machine.start())
        #expect(options.labelSelector == "app=web" && options.fieldSelector == "spec.nodeName=n1")
        let watch = try replaced(machine.listed(ResourceList([], version: "1"))).watch
        #expect(watch.labelSelector == "app=web" && watch.fieldSelector == "spec.nodeName=n1")
    }

    @Test("40: given a version, when a watch fails hard, then the next list asks for that version, without a limit")
    func relistFromVersion() throws {
        var machine = machine()
        _ = machine.start()
        _ = machine.listed(ResourceList([], version: "10"))
        #expect(try wait(machine.watchFailedToStart(.of(.internalError), now: at(0))) == .milliseconds(800))
        #expect(try list(machine.waited()) == ListOptions(resourceVersion: "10"))
    }

    @Test(
        "41: given a version the server does not have, then it is asked at once for the newest, and trusted from there",
        arguments: [KubeError.Code.expired, .resourceVersionTooLarge]
    )
    func versionUnavailable(code: KubeError.Code) throws {
        var machine = machine()
        _ = machine.start()
        _ = machine.listed(ResourceList([], version: "10"))
        _ = machine.watchFailedToStart(.of(.internalError), now: at(0))
        _ = machine.waited()
        #expect(try list(machine.listFailed(.of(code), now: at(1))) == ListOptions(limit: 500))
        #expect(try replaced(machine.listed(ResourceList([], version: "30"))).watch.resourceVersion == "30")
        _ = machine.watchFailedToStart(.of(.internalError), now: at(2))
        #expect(try list(machine.waited()).resourceVersion == "30")
    }

    @Test("41: given that the newest is refused too, then there is a delay, and the newest is asked for again")
    func versionUnavailableTwice() throws {
        var machine = machine()
        _ = machine.start()
        _ = try list(machine.listFailed(.of(.expired), now: at(0)))
        _ = try wait(machine.listFailed(.of(.expired), now: at(0)))
        #expect(try list(machine.waited()).resourceVersion == nil)
    }

    @Test("42: given pages, then they are asked for by token and without a version, and replaced as one")
    func pages() throws {
        var machine = machine(pageSize: 4)
        #expect(try list(machine.start()) == ListOptions(resourceVersion: "0", limit: 4))
        let widgets = (0..<10).map { Widget("w\($0)") }
        let second = machine.listed(ResourceList(Array(widgets[0..<4]), version: "10", continueToken: "p2"))
        #expect(try list(second) == ListOptions(limit: 4, continueToken: "p2"))
        let third = machine.listed(ResourceList(Array(widgets[4..<8]), version: "10", continueToken: "p3"))
        #expect(try list(third) == ListOptions(limit: 4, continueToken: "p3"))
        let (objects, version, _) = try replaced(machine.listed(ResourceList(Array(widgets[8..<10]), version: "10")))
        #expect(objects == widgets)
        #expect(version == "10")
    }

    @Test("42: given a server that pages a list at version 0, then later lists are in pages too")
    func keepsPaging() throws {
        var machine = machine(pageSize: 1)
        _ = machine.start()
        _ = machine.listed(ResourceList([Widget("a")], version: "10", continueToken: "p2"))
        _ = machine.listed(ResourceList([Widget("b")], version: "10"))
        _ = machine.watchFailedToStart(.of(.internalError), now: at(0))
        #expect(try list(machine.waited()) == ListOptions(resourceVersion: "10", limit: 1))
    }

    @Test("given that lists have to come in pages, then the newest data is asked for, at first and later")
    func alwaysPages() throws {
        var machine = Machine(
            configuration: ReflectorConfiguration(pageSize: 2, alwaysPages: true),
            random: .fixed(0)
        )
        #expect(try list(machine.start()) == ListOptions(limit: 2))
        _ = machine.listed(ResourceList([], version: "10"))
        _ = machine.watchFailedToStart(.of(.internalError), now: at(0))
        #expect(try list(machine.waited()) == ListOptions(limit: 2))
    }

    @Test("42: given that the second page has expired, then all is listed at once, and each object is there once")
    func expiredPage() throws {
        var machine = machine(pageSize: 1)
        _ = machine.start()
        _ = machine.listed(ResourceList([Widget("a")], version: "10", continueToken: "p2"))
        #expect(try list(machine.listFailed(.of(.expired), now: at(0))) == ListOptions(resourceVersion: "0"))
        let whole = machine.listed(ResourceList([Widget("a"), Widget("b")], version: "20"))
        #expect(try replaced(whole).objects.map(\.metadata.name) == ["a", "b"])
    }

    @Test("given another error on the second page, then there is a delay and the list starts again")
    func failedPage() throws {
        var machine = machine(pageSize: 1)
        _ = machine.start()
        _ = machine.listed(ResourceList([Widget("a")], version: "10", continueToken: "p2"))
        _ = try wait(machine.listFailed(.of(.connection), now: at(0)))
        #expect(try list(machine.waited()) == ListOptions(resourceVersion: "0", limit: 1))
        let whole = machine.listed(ResourceList([Widget("b")], version: "20"))
        #expect(try replaced(whole).objects.map(\.metadata.name) == ["b"])
    }

    @Test("43: given events, a bookmark and a clean end, then the next watch is at once, from the bookmark")
    func cleanEnd() throws {
        var machine = try watching()
        _ = machine.received(.added(Widget("a", version: 15)), now: at(0))
        _ = machine.received(.modified(Widget("a", version: 16)), now: at(0))
        _ = machine.received(.bookmark(.init(resourceVersion: "30")), now: at(0))
        #expect(try watch(machine.watchEnded(nil, now: at(0.1))).resourceVersion == "30")
    }

    @Test("given a deletion and a clean end, then the next watch is from the version of the deletion")
    func deletionAdvances() throws {
        var machine = try watching()
        _ = machine.received(.deleted(Widget("a", version: 17)), now: at(0))
        #expect(try watch(machine.watchEnded(nil, now: at(5))).resourceVersion == "17")
    }

    @Test("given a connection that breaks after an event, then the watch goes on without a list")
    func brokenConnection() throws {
        var machine = try watching()
        _ = machine.received(.modified(Widget("a", version: 15)), now: at(0))
        #expect(try watch(machine.watchEnded(.of(.connection), now: at(0.1))).resourceVersion == "15")
    }

    @Test("44: given a watch that ends within a second and without an event, then there is a delay and a list")
    func shortWatch() throws {
        var machine = try watching()
        #expect(try wait(machine.watchEnded(nil, now: at(0.999))) == .milliseconds(800))
        #expect(try list(machine.waited()).resourceVersion == "10")
        var healthy = try watching()
        _ = try watch(healthy.watchEnded(nil, now: at(1)))
    }

    @Test("45: given an expired event, then there is a delay and a list from the last version")
    func expiredEvent() throws {
        var machine = try watching()
        _ = machine.received(.modified(Widget("a", version: 15)), now: at(1))
        let status = Status(code: 410, reason: "Expired")
        _ = try wait(abandoned(machine.received(.error(status), now: at(2))))
        #expect(try list(machine.waited()).resourceVersion == "15")
    }

    @Test("46: given 429 at the start and as an event, then each is a delay, and there is no other list")
    func tooManyRequests() throws {
        var machine = machine()
        _ = machine.start()
        _ = machine.listed(ResourceList([], version: "10"))
        for expected in [800, 1600, 3200] {
            let step = machine.watchFailedToStart(.of(.tooManyRequests), now: at(0))
            #expect(try wait(step) == .milliseconds(expected))
            _ = try watch(machine.waited())
        }
        machine.watchStarted(now: at(10))
        let event = machine.received(.error(Status(code: 429, reason: "TooManyRequests")), now: at(10))
        #expect(try wait(abandoned(event)) == .milliseconds(6400))
        #expect(try watch(machine.waited()).resourceVersion == "10")
    }

    @Test("given a time to wait that the server names, then it counts if it is longer than the delay")
    func retryAfter() throws {
        var machine = machine()
        _ = machine.start()
        _ = machine.listed(ResourceList([], version: "10"))
        var error = KubeError.of(.tooManyRequests)
        error.retryAfter = .seconds(7)
        #expect(try wait(machine.watchFailedToStart(error, now: at(0))) == .seconds(7))
    }

    @Test("47: given refused connections at the start of a watch, then delays grow and there is no list")
    func connectionRefused() throws {
        var machine = machine(random: 0.25)
        _ = machine.start()
        _ = machine.listed(ResourceList([], version: "10"))
        for expected in [1.0, 2.0, 4.0] {
            #expect(try wait(machine.watchFailedToStart(.of(.connection), now: at(0))) == .seconds(expected))
            _ = try watch(machine.waited())
        }
    }

    @Test(
        "48, 49: given an error event, a line that cannot be read or an overflow, then there is a list",
        arguments: [KubeError.Code.internalError, .decoding, .watchOverflow, .tooLarge]
    )
    func failedWatch(code: KubeError.Code) throws {
        var machine = try watching()
        _ = machine.received(.modified(Widget("a", version: 15)), now: at(5))
        _ = try wait(machine.watchEnded(.of(code), now: at(5)))
        #expect(try list(machine.waited()).resourceVersion == "15")
    }

    @Test("48: given an error event of an unknown reason, then there is a delay and a list")
    func unknownErrorEvent() throws {
        var machine = try watching()
        _ = try wait(abandoned(machine.received(.error(Status(code: 500, reason: "Odd")), now: at(5))))
        _ = try list(machine.waited())
    }

    @Test("49: given an event without a name or a version, then it is dropped and the version stays")
    func droppedEvent() throws {
        var machine = try watching()
        guard case .dropped = machine.received(.modified(Widget("", version: 99)), now: at(0)) else {
            Issue.record("an object without a name was used")
            return
        }
        var widget = Widget("a")
        widget.metadata.resourceVersion = nil
        guard case .dropped = machine.received(.added(widget), now: at(0)) else {
            Issue.record("an object without a version was used")
            return
        }
        #expect(machine.resourceVersion == "10")
    }

    @Test("50: given a watch from nowhere, then the versions of its first objects do not count")
    func fromNowhere() throws {
        var machine = machine()
        _ = machine.start()
        var page = ResourceList<Widget>()
        page.metadata.resourceVersion = nil
        #expect(try replaced(machine.listed(page)).watch.resourceVersion == nil)
        machine.watchStarted(now: at(0))
        for version in [7, 3, 5] { _ = machine.received(.added(Widget("w\(version)", version: version)), now: at(0)) }
        #expect(try watch(machine.watchEnded(nil, now: at(5))).resourceVersion == nil)
        machine.watchStarted(now: at(5))
        _ = machine.received(.modified(Widget("w7", version: 9)), now: at(6))
        _ = machine.received(.added(Widget("w10", version: 10)), now: at(6))
        #expect(try watch(machine.watchEnded(nil, now: at(7))).resourceVersion == "10")
    }
}
