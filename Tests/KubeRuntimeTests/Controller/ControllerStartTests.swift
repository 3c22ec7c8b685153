// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime
import Logging
import Testing

@Suite(.timeLimit(.minutes(5)))
struct ControllerStartTests {
    private let clock = VirtualClock()

    private func informer(_ source: ScriptedSource) -> Informer<Widget> {
        Informer(source, clock: AnyClock(clock), random: .fixed(0), logger: .silent)
    }

    @Test(
        "74: given 200 objects, 4 workers and a source that is late, then nothing is done before it has synced; then each object once, and changes first"
    )
    func startsAfterEverySource() async throws {
        let (source, lateSource) = (ScriptedSource(), ScriptedSource())
        source.answerList((0..<200).map { Widget("w\($0)") }, version: "10")
        let watch = source.answerWatch()
        lateSource.answerList(.failure(.of(.connection)))
        let (widgets, late) = (informer(source), informer(lateSource))
        let (calls, gate) = (Journal<ObjectKey>(), Gate())
        let controller = Controller(
            "test",
            reconciler: ClosureReconciler { key in
                #expect(widgets.hasSynced && late.hasSynced)
                calls.append(key)
                await gate.pass()
                return .done
            },
            sources: [.for(widgets), .for(late)],
            configuration: ControllerConfiguration(maxConcurrentReconciles: 4),
            clock: AnyClock(clock),
            logger: .silent
        )
        await withTaskGroup { group in
            for informer in [widgets, late] { group.addTask { try? await informer.run() } }
            group.addTask { try? await controller.run() }
            // All of one source is in the queue, and the other one's reflector waits to try again.
            await waitUntil { controller.queueDepth == 200 && clock.nextDelay == .milliseconds(800) }
            #expect(calls.count == 0 && widgets.hasSynced)
            lateSource.answerList([], version: "10")
            clock.advance(by: .milliseconds(800))
            let first = Set(await calls.first(4))
            #expect(first.count == 4)
            // Four are worked on. A change of one that waits, and a new one, overtake the other 195.
            guard let changed = (0..<200).map({ ObjectKey.shop("w\($0)") }).first(where: { !first.contains($0) }) else {
                return
            }
            watch.send(.modified(Widget(changed.name, version: 11)), .added(Widget("new", version: 12)))
            await waitUntil { controller.queueDepth == 197 }
            #expect(calls.count == 4)
            gate.open()
            let all = await calls.first(201)
            // Four workers note what they got in any order.
            #expect(Set(all[4..<8]).isSuperset(of: [changed, .shop("new")]))
            await waitUntil { controller.queueDepth == 0 }
            #expect(calls.count == 201 && Set(calls.entries).count == 201)
            group.cancelAll()
        }
    }
}
