// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeRuntime
import Testing

struct PredicateTests {
    private func widget(generation: Int64? = nil, _ change: (inout Widget) -> Void = { _ in }) -> Widget {
        var widget = Widget("a")
        widget.metadata.generation = generation
        change(&widget)
        return widget
    }

    @Test("80: given a predicate on the generation, then a change of status is left out and a change of spec is not")
    func generation() {
        let predicate = Predicate<Widget>.generationChanged
        let old = widget(generation: 1)
        #expect(!predicate(.updated(old: old, new: widget(generation: 1) { $0.metadata.labels = ["a": "b"] })))
        #expect(predicate(.updated(old: old, new: widget(generation: 2))))
        let deleting = widget(generation: 1) { $0.metadata.deletionTimestamp = Timestamp(seconds: 1) }
        #expect(predicate(.updated(old: old, new: deleting)))
        #expect(predicate(.added(old, isInInitialList: true)))
        #expect(predicate(.deleted(old, isFinalStateUnknown: false)))
        #expect(predicate(.updated(old: widget(), new: widget())))
    }

    @Test("given predicates on labels, annotations and versions, then each looks at its own field only")
    func fields() {
        let old = widget()
        let labelled = widget { $0.metadata.labels = ["a": "b"] }
        let annotated = widget { $0.metadata.annotations = ["a": "b"] }
        let newer = widget { $0.metadata.resourceVersion = "2" }
        #expect(Predicate.labelsChanged(.updated(old: old, new: labelled)))
        #expect(!Predicate.labelsChanged(.updated(old: old, new: annotated)))
        #expect(Predicate.annotationsChanged(.updated(old: old, new: annotated)))
        #expect(!Predicate.annotationsChanged(.updated(old: old, new: labelled)))
        #expect(Predicate.resourceVersionChanged(.updated(old: old, new: newer)))
        #expect(!Predicate.resourceVersionChanged(.updated(old: old, new: labelled)))
    }

    @Test("given a predicate on the object, then an update counts if it held before or holds now")
    func matching() {
        let isRed = Predicate<Widget>.matching { $0.color == "red" }
        let red = Widget("a", color: "red")
        let blue = Widget("a", color: "blue")
        #expect(isRed(.updated(old: red, new: blue)))
        #expect(isRed(.updated(old: blue, new: red)))
        #expect(!isRed(.updated(old: blue, new: blue)))
        #expect(!isRed(.deleted(blue, isFinalStateUnknown: false)))
    }

    @Test("given predicates, then they can be combined")
    func combined() {
        let yes = Predicate<Widget> { _ in true }
        let no = Predicate<Widget> { _ in false }
        let event = InformerEvent.added(Widget("a"), isInInitialList: false)
        #expect(yes.and(yes)(event) && !yes.and(no)(event))
        #expect(yes.or(no)(event) && !no.or(no)(event))
        #expect(no.negated(event) && !yes.negated(event))
    }
}
