// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeRuntime
import Testing

struct HistoryCheckerTests {
    private func object(_ version: Int, uid: String = "u1", data: String = "") -> SoakMap {
        var map = SoakMap("a", data: ["x": data])
        map.metadata.uid = uid
        map.metadata.resourceVersion = "\(version)"
        return map
    }

    private func violations(_ events: InformerEvent<SoakMap>...) -> [String] {
        var checker = HistoryChecker()
        for event in events { checker.record(event) }
        return checker.violations
    }

    @Test("given a history with every kind of event, and changes left out, then it is legal")
    func legal() {
        #expect(
            violations(
                .added(object(1), isInInitialList: true),
                .updated(old: object(1), new: object(9)),
                .updated(old: object(9), new: object(10)),
                .deleted(object(12), isFinalStateUnknown: false),
                .added(object(13, uid: "u2"), isInInitialList: false),
                .deleted(object(13, uid: "u2"), isFinalStateUnknown: true),
                // Out of a selector and in again.
                .added(object(20, uid: "u2"), isInInitialList: false)
            ) == []
        )
    }

    @Test("given a history with one event that cannot be, then that event is named")
    func illegal() {
        let added = InformerEvent.added(object(5), isInInitialList: false)
        #expect(violations(.updated(old: object(1), new: object(2))).count == 1)
        #expect(violations(.deleted(object(1), isFinalStateUnknown: false)).count == 1)
        #expect(violations(added, .added(object(6), isInInitialList: false)).count == 1)
        #expect(violations(added, .added(object(6, uid: "u2"), isInInitialList: false)).count == 1)
        #expect(violations(added, .updated(old: object(5), new: object(5))).count == 1)
        #expect(violations(added, .updated(old: object(5), new: object(4))).count == 1)
        #expect(violations(added, .updated(old: object(5, data: "other"), new: object(6))).count == 1)
        #expect(violations(added, .updated(old: object(5), new: object(6, uid: "u2"))).count == 1)
        #expect(violations(added, .deleted(object(6, uid: "u2"), isFinalStateUnknown: false)).count == 1)
        #expect(violations(added, .deleted(object(4), isFinalStateUnknown: false)).count == 1)
        #expect(violations(added, .deleted(object(5, data: "other"), isFinalStateUnknown: true)).count == 1)
        let deleted = InformerEvent.deleted(object(6), isFinalStateUnknown: false)
        #expect(violations(added, deleted, deleted).count == 1)
        #expect(violations(added, deleted, .updated(old: object(6), new: object(7))).count == 1)
        #expect(violations(added, deleted, .added(object(5), isInInitialList: false)).count == 1)
    }
}
