// SPDX-License-Identifier: Apache-2.0

extension ProbeAnalyzer {
    var detections: [Detection] {
        ProbeKind.allCases.flatMap { kind in
            ProbeTrouble.allCases.map { trouble in
                Detection(
                    kind.causeClass(trouble),
                    kinds: ["Workload"],
                    category: trouble == .failing ? .symptom : .fault,
                    proof:
                        "The newest telling event of the \(kind.rawValue.lowercased()) probe, while the container still "
                        + "shows it, and \(trouble.proof).",
                    remedy: trouble.remedy
                )
            }
        } + [
            Detection(
                .listenAddressLocal,
                kinds: ["Workload"],
                proof: "A probe is refused on a port of which the log says only that the process listens on it at "
                    + "127.0.0.1.",
                remedy: "Let the process listen on 0.0.0.0."
            ),
            Detection(
                .containerPortNotServed,
                kinds: ["Workload"],
                category: .symptom,
                proof: "A probe is refused on the port that the container says it serves.",
                remedy: "Look at why the process does not listen."
            ),
        ]
    }
}

extension ProbeTrouble {
    fileprivate var proof: String {
        switch self {
        case .wrongPort: "a port on which nothing listens although the process listens on another"
        case .wrongProtocol: "an answer in another protocol, or one that only another probe of the port gets"
        case .wrongPath: "an answer that the path is unknown, or is not for everybody"
        case .wrongCommand: "a command that is not in the image"
        case .tooAggressive: "no answer within less time than the process takes"
        case .failing: "an answer of the process that it is not well"
        }
    }

    fileprivate var remedy: String {
        switch self {
        case .tooAggressive: "Give the process more time, best by a startup probe."
        case .failing: "Look at the process and at what it depends on."
        default: "Compare port, path and scheme of the probe with what the process serves."
        }
    }
}
