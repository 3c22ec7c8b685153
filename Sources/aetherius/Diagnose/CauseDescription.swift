// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import Diagnosis
import KubeAPI

/// What is said about one cause, whatever form it takes.
struct CauseDescription {
    /// One thing that was seen, and where.
    struct Proof {
        let source: String
        let text: String
    }

    private static let maximumPlaces = 3
    private static let maximumProof = 8

    /// Which container of which objects.
    let place: String
    /// What else it is about, such as what is missing; empty if nothing.
    let related: String
    /// What of other workloads follows from it; empty if nothing.
    let consequences: String
    /// What it follows from itself; empty if nothing.
    let origin: String
    /// Why it stands before the next one; empty for the last.
    let precedence: String
    /// What shows it.
    let proof: [Proof]
    /// What a person could do.
    let advice: [Recommendation]

    init(_ cause: Cause, in answer: Answer) {
        place = Self.place(of: cause)
        related = Self.list(cause.related.map(\.description))
        let own = Set(cause.objects.map(\.description) + [cause.object.description])
        consequences = Self.list(cause.explains.map(\.description).filter { !own.contains($0) })
        let candidates = answer.conclusion.candidates
        origin =
            cause.follows.first.map { number in
                "\(candidates[number].causeClass) of \(candidates[number].object)"
                    + (cause.path.map { ": \($0)" } ?? "")
            } ?? ""
        precedence = candidates.last == cause ? "" : cause.precedence ?? ""
        proof = Self.proof(of: cause, in: answer)
        advice = Analyzers.recommendations(for: cause)
    }

    private static func place(of cause: Cause) -> String {
        (cause.container.map { "container \($0) of " } ?? "") + list(cause.objects.map(\.description))
    }

    private static func list(_ objects: [String]) -> String {
        let others = objects.count - maximumPlaces
        return objects.prefix(maximumPlaces).joined(separator: ", ") + (others > 0 ? " and \(others) more" : "")
    }

    /// Replicas say the same, so what they say is told once.
    private static func proof(of cause: Cause, in answer: Answer) -> [Proof] {
        var order: [String] = []
        var seen: [String: (evidence: DiagnosticTask.Evidence, count: Int)] = [:]
        for evidence in answer.evidence(for: cause) {
            let key = "\(evidence.source ?? "")\n\(evidence.text)"
            if seen[key] == nil { order.append(key) }
            seen[key] = (seen[key]?.evidence ?? evidence, (seen[key]?.count ?? 0) + 1)
        }
        var proof = order.prefix(maximumProof).compactMap { key -> Proof? in
            guard let (evidence, count) = seen[key] else { return nil }
            return Proof(source: source(of: evidence, count: count, for: cause), text: evidence.text)
        }
        if order.count > maximumProof {
            proof.append(Proof(source: "and \(order.count - maximumProof) more", text: "-o json has all of it"))
        }
        return proof
    }

    private static func source(of evidence: DiagnosticTask.Evidence, count: Int, for cause: Cause) -> String {
        let source = evidence.source ?? evidence.kind.rawValue
        if count > 1 { return "\(source) (\(count) times)" }
        guard let object = evidence.object?.description, object != cause.objects.first?.description else {
            return source
        }
        return "\(source) of \(object)"
    }
}
