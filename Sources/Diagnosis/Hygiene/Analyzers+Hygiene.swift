// SPDX-License-Identifier: Apache-2.0
public import KubeAPI

extension Analyzers {
    /// Those that find what could be set up better.
    ///
    /// They are asked only if somebody wants to know. Nothing of it is ever why something does not work, so the ranking
    /// never sees it.
    public static let hygiene: [any Analyzer] = [
        HygieneAccessAnalyzer(),
        HygieneContainerAnalyzer(),
        HygieneObjectAnalyzer(),
        HygieneStorageAnalyzer(),
        HygieneVersionAnalyzer(),
    ]

    /// The kinds that are read for them alone.
    public static let hygieneKinds: Set<APIResource> = [
        ConfigMap.apiResource, Role.apiResource, RoleBinding.apiResource,
    ]

    /// What could be set up better in a snapshot, by object and class.
    public static func hygieneFindings(in snapshot: Snapshot) -> [Finding] {
        hygiene.flatMap { $0.findings(in: snapshot) }.sorted { left, right in
            (left.object.description, left.causeClass.rawValue) < (right.object.description, right.causeClass.rawValue)
        }
    }

    /// Every class that some analyzer can find, by its name.
    public static var detections: [Detection] {
        (all + hygiene).flatMap(\.detections).sorted { left, right in
            (left.causeClass.rawValue, left.proof) < (right.causeClass.rawValue, right.proof)
        }
    }
}

extension Snapshot {
    /// A remark about an object that works.
    func remark(
        _ causeClass: CauseClass,
        _ object: ObjectReference,
        _ source: String,
        _ message: String
    ) -> Finding {
        Finding(
            causeClass: causeClass,
            object: object,
            owner: object,
            severity: .low,
            message: message,
            confidence: 1,
            isCause: false,
            evidence: [.field(source, of: object, message)]
        )
    }

    /// What people write pods into: workloads that no other owns, and pods that none owns, each with its description.
    var templates: [(object: ObjectReference, spec: PodSpec)] {
        workloads.filter { $0.metadata.controllerReference == nil && $0.metadata.deletionTimestamp == nil }
            .map { ($0.reference, $0.template) }
            + pods.filter { $0.metadata.controllerReference == nil && $0.metadata.deletionTimestamp == nil }
            .map { ($0.reference, $0.spec) }
    }
}
