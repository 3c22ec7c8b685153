// SPDX-License-Identifier: Apache-2.0
import JSON

/// What kstatus makes of an object of a kind that it does not know.
///
/// The rules are those of the package kstatus of kubernetes-sigs/cli-utils for custom resources, in its order.
enum Kstatus: String {
    case terminating = "Terminating"
    case inProgress = "InProgress"
    case failed = "Failed"
    case current = "Current"

    init(of object: JSONValue) {
        if object.value(at: "metadata", "deletionTimestamp") != nil {
            self = .terminating
            return
        }
        let observed = object.value(at: "status", "observedGeneration")?.integerValue
        if let observed, observed != object.value(at: "metadata", "generation")?.integerValue {
            self = .inProgress
            return
        }
        func status(_ type: String) -> String? {
            object.value(at: "status", "conditions")?.arrayValue?.first { $0["type"]?.stringValue == type }?["status"]?
                .stringValue
        }
        if status("Reconciling") == "True" {
            self = .inProgress
        } else if status("Stalled") == "True" {
            self = .failed
        } else if let ready = status("Ready") {
            self = ready == "True" ? .current : .inProgress
        } else {
            self = .current
        }
    }
}
