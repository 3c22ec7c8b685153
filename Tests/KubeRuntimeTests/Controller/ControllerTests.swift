// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime
import Logging
import Testing

@Suite(.timeLimit(.minutes(5)))
struct ControllerTests {
    private let source = ScriptedSource()
    private let clock = VirtualClock()
    private let widgets: Informer<Widget>
    private let records = Journal<ReconcileRecord>()

    init() { widgets = Informer(source, clock: AnyClock(clock), random: .fixed(0), logger: .silent) }

    private func controller(
        workers: Int = 1,
        sources: [Source<ObjectKey>],
        timeout: Duration? = nil,
        reconcile: @escaping @Sendable (ObjectKey) async throws -> ReconcileResult
    ) -> Controller<ClosureReconciler> {
        Controller(
            "test",
            reconciler: ClosureReconciler(reconcile),
            sources: sources,
            configuration: ControllerConfiguration(
                maxConcurrentReconciles: workers,
                reconcileTimeout: timeout,
                observe: { [records] in records.append($0) }
            ),
            clock: AnyClock(clock),
            logger: .silent
        )
    }

    private func running(
        _ controller: Controller<ClosureReconciler>,
        _ body: () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { [widgets] in try await widgets.run() }
            group.addTask { try? await controller.run() }
            try await body()
            group.cancelAll()
        }
    }

    @Test("74: given objects that are there, then nothing is done before they are all known, and a change goes first")
    func startsAfterSync() async throws {
        source.answerList((0..<200).map { Widget("w\($0)") }, version: "10")
        let calls = Journal<ObjectKey>()
        let informer = widgets
        let controller = controller(sources: [.for(widgets)]) { key in
            #expect(informer.hasSynced && informer.store.count == 200)
            calls.append(key)
            return .done
        }
        // It is asked for at the priority of a change, long before the others come in.
        controller.enqueue(.shop("live"))
        try await running(controller) {
            await calls.first(201)
            #expect(calls.entries.first == .shop("live"))
            #expect(Set(calls.entries) == Set((0..<200).map { .shop("w\($0)") } + [.shop("live")]))
            #expect(calls.count == 201)
        }
    }

    @Test("76: given errors, a success and another error, then the delay starts anew only after the success")
    func failureCount() async throws {
        source.answerList([Widget("a")], version: "10")
        let calls = Journal<Void>()
        let controller = controller(sources: [.for(widgets)]) { _ in
            calls.append(())
            if calls.count == 3 { return .requeue(after: .seconds(5)) }
            throw KubeError.of(.conflict)
        }
        try await running(controller) {
            for (index, delay) in [5, 10, 5000, 5].enumerated() {
                await records.first(index + 1)
                await clock.waitForSleepers()
                #expect(clock.nextDelay == .milliseconds(delay))
                clock.advance(by: .milliseconds(delay))
            }
            await calls.first(5)
            #expect(await records.first(4).prefix(4).map(\.outcome) == [.error, .error, .requeueAfter, .error])
        }
    }

    @Test("75: given a terminal error, then it is not tried again until something changes")
    func terminalError() async throws {
        source.answerList([Widget("a")], version: "10")
        let watch = source.answerWatch()
        let controller = controller(sources: [.for(widgets)]) { _ in throw TerminalError(KubeError.of(.invalid)) }
        try await running(controller) {
            await records.first(1)
            #expect(controller.queueDepth == 0)
            watch.send(.modified(Widget("a", version: 11)))
            #expect(await records.first(2).map(\.outcome) == [.terminalError, .terminalError])
        }
    }

    @Test("77: given a hundred events while an object is worked on, then it is worked on exactly once more, afterwards")
    func coalesces() async throws {
        source.answerList([Widget("a")], version: "10")
        let watch = source.answerWatch()
        let gate = Gate()
        let steps = Journal<String>()
        let controller = controller(workers: 4, sources: [.for(widgets)]) { key in
            steps.append("begin \(key.name)")
            if steps.count == 1 { await gate.pass() }
            steps.append("end \(key.name)")
            return .done
        }
        try await running(controller) {
            await steps.first(1)
            for version in 11..<111 { watch.send(.modified(Widget("a", version: version))) }
            // Whoever has been told of this has been told of all before it.
            watch.send(.added(Widget("b", version: 200)))
            #expect(await steps.first(3) == ["begin a", "begin b", "end b"])
            gate.open()
            #expect(await steps.first(6).suffix(3) == ["end a", "begin a", "end a"])
            watch.send(.added(Widget("c", version: 300)))
            // Had there been a third time, it would come before this.
            #expect(await steps.first(8).suffix(2) == ["begin c", "end c"])
        }
    }

    @Test("78: given requests that ask for another call at once, then all are served")
    func selfRequeue() async throws {
        source.answerList([], version: "10")
        let calls = Journal<ObjectKey>()
        let counts = Counter()
        let controller = controller(workers: 4, sources: [.for(widgets)]) { key in
            calls.append(key)
            return counts.increment(key) < 3 ? .requeue(after: .zero) : .done
        }
        for index in 0..<5000 { controller.enqueue(.shop("w\(index)")) }
        try await running(controller) {
            await calls.first(15_000)
            await records.first(15_000)
            #expect(controller.queueDepth == 0)
            #expect(calls.count == 15_000)
        }
    }

    @Test("79: given an owner that changes, then both owners are called; other references and groups do not count")
    func owners() async throws {
        func owned(_ version: Int, _ references: OwnerReference...) -> Widget {
            var widget = Widget("child", version: version)
            widget.metadata.ownerReferences = references
            return widget
        }
        func reference(_ name: String, group: String = "test.io/v9", isController: Bool = true) -> OwnerReference {
            OwnerReference(apiVersion: group, kind: "Widget", name: name, uid: name, isController: isController)
        }
        source.answerList([owned(1, reference("p1"))], version: "10")
        let watch = source.answerWatch()
        let calls = Journal<String>()
        let controller = controller(sources: [.owns(widgets, by: Widget.self)]) { key in
            calls.append("\(key)")
            return .done
        }
        try await running(controller) {
            #expect(await calls.first(1) == ["shop/p1"])
            watch.send(.modified(owned(11, reference("p2"))))
            #expect(Set(await calls.first(3)[1...]) == ["shop/p1", "shop/p2"])
            watch.send(.deleted(owned(12, reference("p2"))))
            #expect(await calls.first(4).last == "shop/p2")
            watch.send(.added(owned(13, reference("no", isController: false), reference("no", group: "other.io/v1"))))
            watch.send(.deleted(owned(14)))
            watch.send(.added(owned(15, reference("p3"))))
            // Nothing in between.
            #expect(await calls.first(5).last == "shop/p3")
        }
    }

    @Test("79: given a cluster-scoped owner, then its request has no namespace")
    func clusterScopedOwner() async throws {
        var widget = Widget("child")
        widget.metadata.ownerReferences = [
            OwnerReference(apiVersion: "test.io/v1", kind: "Factory", name: "f", uid: "f", isController: true)
        ]
        source.answerList([widget], version: "10")
        let calls = Journal<ObjectKey>()
        let controller = controller(sources: [.owns(widgets, by: Factory.self)]) { key in
            calls.append(key)
            return .done
        }
        try await running(controller) { #expect(await calls.first(1) == [ObjectKey(name: "f")]) }
    }

    @Test("given a map function and a predicate, then an update asks for what concerns the old and the new object")
    func watches() async throws {
        source.answerList([Widget("a", color: "red")], version: "10")
        let watch = source.answerWatch()
        let calls = Journal<String>()
        let source = Source<ObjectKey>.watches(widgets, where: .matching { $0.color != "skip" }) { widget in
            [ObjectKey(name: widget.color)]
        }
        let controller = controller(sources: [source]) { key in
            calls.append(key.name)
            return .done
        }
        try await running(controller) {
            await calls.first(1)
            watch.send(.added(Widget("b", version: 11, color: "skip")))
            watch.send(.modified(Widget("a", version: 12, color: "blue")))
            let calls = await calls.first(3)
            #expect(calls.first == "red" && Set(calls[1...]) == ["red", "blue"])
        }
    }

    @Test("given a priority of the object, then it orders the requests")
    func priorities() async throws {
        source.answerList([Widget("low", color: "1"), Widget("high", color: "9")], version: "10")
        let calls = Journal<String>()
        let source = Source.for(widgets, priority: { Int($0.color) ?? 0 })
        let controller = controller(sources: [source]) { key in
            calls.append(key.name)
            return .done
        }
        try await running(controller) { #expect(await calls.first(2) == ["high", "low"]) }
    }

    @Test("given sources that do not sync in time, then the run fails")
    func syncTimeout() async {
        let controller = controller(sources: [.for(widgets)]) { _ in .done }
        await withThrowingTaskGroup { group in
            group.addTask { try await controller.run() }
            await clock.waitForSleepers()
            clock.advance(by: .seconds(120))
            let error = await #expect(throws: KubeError.self) { try await group.next() }
            #expect(error?.code == .deadlineExceeded)
        }
    }

    @Test("given a reconciliation that takes too long, then it is cancelled and tried again")
    func reconcileTimeout() async throws {
        source.answerList([Widget("a")], version: "10")
        let clock = clock
        let (began, cancelled) = (Gate(), Journal<Void>())
        let controller = controller(sources: [.for(widgets)], timeout: .seconds(60)) { _ in
            began.open()
            do { try await clock.sleep(until: clock.now.advanced(by: .seconds(3600)), tolerance: nil) } catch {
                cancelled.append(())
                throw error
            }
            return .done
        }
        try await running(controller) {
            // Its time runs from before it began; others sleep too.
            await began.pass()
            clock.advance(by: .seconds(60))
            await cancelled.first(1)
            #expect(await records.first(1).map(\.outcome) == [.error])
        }
    }

    @Test("82: given that its task is cancelled, then the reconciliations are cancelled at once and the run throws")
    func cancelled() async throws {
        source.answerList([Widget("a")], version: "10")
        let began = Gate()
        let clock = clock
        let controller = controller(sources: [.for(widgets)]) { _ in
            began.open()
            try await clock.sleep(until: clock.now.advanced(by: .seconds(3600)), tolerance: nil)
            return .done
        }
        await withTaskGroup { group in
            group.addTask { [widgets] in try? await widgets.run() }
            let run = Task { try await controller.run() }
            await began.pass()
            run.cancel()
            await #expect(throws: CancellationError.self) { try await run.value }
            group.cancelAll()
        }
        #expect(records.count == 0)
    }
}

struct ClosureReconciler: Reconciler {
    let closure: @Sendable (ObjectKey) async throws -> ReconcileResult

    init(_ closure: @escaping @Sendable (ObjectKey) async throws -> ReconcileResult) { self.closure = closure }

    func reconcile(_ request: ObjectKey) async throws -> ReconcileResult { try await closure(request) }
}
