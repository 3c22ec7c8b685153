// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import Testing

@testable import KubeRuntime

struct ReflectorStateMachineListTests {
    private typealias Machine = ReflectorStateMachine<Widget>

    private func machine(pageSize: Int = 500, random: Double = 0) -> Machine {
        Machine(configuration: ReflectorConfiguration(streamsLists: false, pageSize: pageSize), random: .fixed(random))
    }

    @Test("39: given a fresh start, then the first list is at version 0 in pages, and the watch begins at its version")
    func freshStart() throws {
        var machine = machine(random: 0.999)
        #expect(try machine.start().list() == ListOptions(resourceVersion: "0", limit: 500))
        let (version, watch) = try machine.listed(.at("10")).replaced()
        #expect(version == "10")
        #expect(watch.resourceVersion == "10")
        #expect(watch.allowsBookmarks && !watch.sendsInitialEvents)
        #expect(watch.timeoutSeconds == 599)
    }

    @Test("39: given the least random number, then a watch lasts 300 s")
    func shortestTimeout() throws {
        var machine = machine(random: 0)
        _ = machine.start()
        #expect(try machine.listed(.at("10")).replaced().watch.timeoutSeconds == 300)
    }

    @Test("given selectors, then lists and watches have them")
    func selectors() throws {
        let configuration = ReflectorConfiguration(
            labelSelector: "app=web",
            fieldSelector: "spec.nodeName=n1",
            streamsLists: false
        )
        var machine = Machine(configuration: configuration, random: .fixed(0))
        let options = try machine.start().list()
        #expect(options.labelSelector == "app=web" && options.fieldSelector == "spec.nodeName=n1")
        let watch = try machine.listed(.at("1")).replaced().watch
        #expect(watch.labelSelector == "app=web" && watch.fieldSelector == "spec.nodeName=n1")
    }

    @Test("40: given a version, when a watch fails hard, then the next list asks for that version, without a limit")
    func relistFromVersion() throws {
        var machine = machine()
        _ = machine.start()
        _ = machine.listed(.at("10"))
        #expect(try machine.watchFailedToStart(.of(.internalError), now: .at(0)).wait() == .milliseconds(800))
        #expect(try machine.waited().list() == ListOptions(resourceVersion: "10"))
    }

    @Test(
        "41: given a version the server does not have, then it is asked at once for the newest, and trusted from there",
        arguments: [KubeError.Code.expired, .resourceVersionTooLarge]
    )
    func versionUnavailable(code: KubeError.Code) throws {
        var machine = machine()
        _ = machine.start()
        _ = machine.listed(.at("10"))
        _ = machine.watchFailedToStart(.of(.internalError), now: .at(0))
        _ = machine.waited()
        #expect(try machine.listFailed(.of(code), now: .at(1)).list() == ListOptions(limit: 500))
        #expect(try machine.listed(.at("30")).replaced().watch.resourceVersion == "30")
        _ = machine.watchFailedToStart(.of(.internalError), now: .at(2))
        #expect(try machine.waited().list().resourceVersion == "30")
    }

    @Test(
        "41: given 'too large' with a cause, or only in the words of older servers, then the newest is asked for at once",
        arguments: [true, false]
    )
    func tooLarge(hasCause: Bool) throws {
        var status = Status(code: 504, reason: "Timeout", message: "Timeout: Too large resource version: 99")
        if hasCause {
            var cause = Status.Cause()
            cause.reason = "ResourceVersionTooLarge"
            status.causes = [cause]
            status.message = ""
        }
        var machine = machine()
        _ = machine.start()
        _ = machine.listed(.at("99"))
        _ = machine.watchFailedToStart(.of(.internalError), now: .at(0))
        #expect(try machine.waited().list().resourceVersion == "99")
        #expect(try machine.listFailed(KubeError(status: status), now: .at(1)).list() == ListOptions(limit: 500))
    }

    @Test("41: given that the newest is refused too, then there is a delay, and the newest is asked for again")
    func versionUnavailableTwice() throws {
        var machine = machine()
        _ = machine.start()
        _ = try machine.listFailed(.of(.expired), now: .at(0)).list()
        _ = try machine.listFailed(.of(.expired), now: .at(0)).wait()
        #expect(try machine.waited().list().resourceVersion == nil)
    }

    @Test("42: given pages, then they are asked for by token and without a version, and replaced as one")
    func pages() throws {
        var machine = machine(pageSize: 4)
        #expect(try machine.start().list() == ListOptions(resourceVersion: "0", limit: 4))
        let second = machine.listed(.at("10", continueToken: "p2"))
        #expect(try second.list() == ListOptions(limit: 4, continueToken: "p2"))
        let third = machine.listed(.at("10", continueToken: "p3"))
        #expect(try third.list() == ListOptions(limit: 4, continueToken: "p3"))
        #expect(try machine.listed(.at("10")).replaced().version == "10")
    }

    @Test("42: given a server that pages a list at version 0, then later lists are in pages too")
    func keepsPaging() throws {
        var machine = machine(pageSize: 1)
        _ = machine.start()
        _ = machine.listed(.at("10", continueToken: "p2"))
        _ = machine.listed(.at("10"))
        _ = machine.watchFailedToStart(.of(.internalError), now: .at(0))
        #expect(try machine.waited().list() == ListOptions(resourceVersion: "10", limit: 1))
    }

    @Test("given that lists have to come in pages, then the newest data is asked for, at first and later")
    func alwaysPages() throws {
        var machine = Machine(
            configuration: ReflectorConfiguration(streamsLists: false, pageSize: 2, alwaysPages: true),
            random: .fixed(0)
        )
        #expect(try machine.start().list() == ListOptions(limit: 2))
        _ = machine.listed(.at("10"))
        _ = machine.watchFailedToStart(.of(.internalError), now: .at(0))
        #expect(try machine.waited().list() == ListOptions(limit: 2))
    }

    @Test("42: given that the second page has expired, then all is listed at once, at the first page's version")
    func expiredPage() throws {
        var machine = machine(pageSize: 1)
        _ = machine.start()
        _ = machine.listed(.at("10", continueToken: "p2"))
        #expect(try machine.listFailed(.of(.expired), now: .at(0)).list() == ListOptions(resourceVersion: "0"))
        #expect(try machine.listed(.at("20")).replaced().watch.resourceVersion == "20")
    }

    @Test("given another error on the second page, then there is a delay and the list starts again")
    func failedPage() throws {
        var machine = machine(pageSize: 1)
        _ = machine.start()
        _ = machine.listed(.at("10", continueToken: "p2"))
        _ = try machine.listFailed(.of(.connection), now: .at(0)).wait()
        #expect(try machine.waited().list() == ListOptions(resourceVersion: "0", limit: 1))
        #expect(try machine.listed(.at("20")).replaced().version == "20")
    }
}
