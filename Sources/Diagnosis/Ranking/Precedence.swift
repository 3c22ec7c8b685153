// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// Why one candidate stands before the next.
struct Precedence {
    private let causes: [Cause]
    private let position: Int

    /// - Parameter position: that of the first of the two.
    init(_ causes: [Cause], _ position: Int) {
        self.causes = causes
        self.position = position
    }

    /// The first difference that decides, in the order in which the ranking looks at them.
    var reason: String {
        let (this, next) = (causes[position], causes[position + 1])
        if next.follows.contains(position) { return "the next one follows from it" }
        if this.follows.isEmpty, let origin = next.follows.first {
            return "the next one follows from \(causes[origin].causeClass) of \(causes[origin].object)"
        }
        if this.canBeNamed, next.severity == .low { return "nothing fails because of the next one" }
        if this.confidence != next.confidence {
            return this.confidence > next.confidence
                ? "it is more certain (\(this.confidence) against \(next.confidence))"
                : "the next one is too uncertain to be named"
        }
        if this.isGeneral != next.isGeneral { return "it says what is wrong, the next one only that something is" }
        if this.explains.count != next.explains.count {
            return "it explains more objects (\(this.explains.count) against \(next.explains.count))"
        }
        if this.objects.count != next.objects.count {
            return "more objects show it (\(this.objects.count) against \(next.objects.count))"
        }
        return "nothing tells them apart but their names"
    }
}
