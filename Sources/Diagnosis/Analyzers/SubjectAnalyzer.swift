// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// The object that the question is about does not exist: nothing else can be found out about it.
    public static let targetNotFound = CauseClass(rawValue: "TargetNotFound")
}

/// The object that a question is about, if it is not there.
struct SubjectAnalyzer: Analyzer {
    func findings(in snapshot: Snapshot) -> [Finding] {
        guard let subject = snapshot.subject, snapshot.subjectExists == false else { return [] }
        return [
            Finding(
                causeClass: .targetNotFound,
                object: subject,
                owner: subject,
                severity: .medium,
                message: "there is no such object",
                confidence: 1,
                isCause: false,
                evidence: [
                    EvidenceItem(
                        kind: .object,
                        source: "list of \(subject.kind) objects",
                        object: subject,
                        text: "no object named \(subject.name)"
                    )
                ]
            )
        ]
    }
}
