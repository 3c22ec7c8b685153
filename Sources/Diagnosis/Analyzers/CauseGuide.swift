// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// What there is to say about a cause class whatever the object: how it is proved and what a person could do.
///
/// An analyzer that keeps a list of these gets its ``Analyzer/detections`` and its recommendations from one place.
struct CauseGuide: Sendable {
    var causeClass: CauseClass
    /// The kinds of objects that a person would edit.
    var kinds: [String] = ["Workload"]
    /// What has to be seen for it, in one sentence.
    var proof: String
    /// What to do, in a few words.
    var title: String
    /// Why, and what to expect.
    var description: String
    /// A command that shows more; `{namespace}` and `{name}` stand for those of the cause's object.
    var command: String

    var detection: Detection { Detection(causeClass, kinds: kinds, proof: proof, remedy: title + ".") }

    /// What to do about a cause.
    func recommendation(for cause: Cause) -> Recommendation {
        let namespace = cause.object.kind == Namespace.apiResource.kind ? cause.object.name : cause.object.namespace
        return Recommendation(
            title: title,
            description: description,
            command: command.replacing("{namespace}", with: namespace).replacing("{name}", with: cause.object.name),
            risk: .none
        )
    }
}

extension [CauseGuide] {
    /// What to do about a cause; empty if none of the guides is about it.
    func recommendations(for cause: Cause) -> [Recommendation] {
        first { $0.causeClass == cause.causeClass && $0.isAbout(cause.object) }.map { [$0.recommendation(for: cause)] }
            ?? []
    }
}

extension CauseGuide {
    fileprivate func isAbout(_ object: ObjectReference) -> Bool {
        // Some classes are found of a workload by one analyzer and of a node by another.
        kinds.contains(object.kind) || kinds.contains("Workload") && object.kind != "Node" && object.kind != "Namespace"
    }
}
