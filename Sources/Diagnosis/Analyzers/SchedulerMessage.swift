// SPDX-License-Identifier: Apache-2.0

/// What the scheduler says about a pod for which it finds no node, taken apart.
///
/// It has the form `0/4 nodes are available: 1 node(s) were unschedulable, 3 Insufficient cpu. preemption: …`: for each
/// node the first of its checks that the node does not pass.
struct SchedulerMessage {
    struct Reason: Hashable {
        var causeClass: CauseClass
        /// How many nodes are lost for it; nil for one that is about the pod whatever the node.
        var nodes: Int?
        /// The scheduler's words for it, without the count.
        var text: String
        /// Whether the node had passed the checks of labels, taints and cordons before.
        var isOfFittingNode: Bool
    }

    var reasons: [Reason] = []
    /// What it says of nodes in words that are not known here, without the counts: those of a plugin, or of a newer
    /// version.
    var others: [String] = []
    /// All that it says, without the counts.
    var text = ""

    init(_ message: String) {
        var body = message[...]
        if let start = body.firstRange(of: "nodes are available: ") { body = body[start.upperBound...] }
        if let end = body.firstRange(of: " preemption: ") { body = body[..<end.lowerBound] }
        var said: [String] = []
        for part in String(body).split(separator: ", ", omittingEmptySubsequences: true) {
            let text = part.drop(while: \.isWhitespace)
            let digits = text.prefix(while: \.isNumber)
            let words = text[digits.endIndex...].drop(while: \.isWhitespace)
            let trimmed = words.hasSuffix(".") ? words.dropLast() : words
            said.append(String(trimmed))
            guard let sign = Self.sign(of: trimmed.lowercased()) else {
                if !digits.isEmpty, !trimmed.isEmpty { others.append(String(trimmed)) }
                continue
            }
            reasons.append(
                Reason(
                    causeClass: sign.causeClass,
                    nodes: Int(digits),
                    text: String(trimmed),
                    isOfFittingNode: sign.isOfFittingNode
                )
            )
        }
        self.text = said.joined(separator: ", ")
    }

    /// How many nodes are lost for a reason.
    func nodes(_ causeClass: CauseClass) -> Int {
        reasons.filter { $0.causeClass == causeClass }.reduce(0) { $0 + ($1.nodes ?? 0) }
    }

    private struct Sign {
        var words: [String]
        var causeClass: CauseClass
        var isOfFittingNode = true
    }

    // The first that matches counts: "anti-affinity" stands before "affinity".
    private static let signs: [Sign] = [
        Sign(words: ["unbound immediate", "available persistent volumes to bind"], causeClass: .claimUnbound),
        Sign(words: ["is being deleted"], causeClass: .claimBeingDeleted),
        Sign(words: ["persistentvolumeclaim"], causeClass: .claimNotFound),
        Sign(words: ["anti-affinity"], causeClass: .podAntiAffinityConflict),
        Sign(words: ["pod affinity rules"], causeClass: .podAffinityMismatch),
        Sign(words: ["volume node affinity", "available volume zone"], causeClass: .volumeNodeAffinityConflict),
        Sign(words: ["node affinity", "node selector"], causeClass: .nodeSelectorMismatch, isOfFittingNode: false),
        Sign(words: ["taint"], causeClass: .untoleratedTaint, isOfFittingNode: false),
        Sign(words: ["were unschedulable"], causeClass: .nodeCordoned, isOfFittingNode: false),
        Sign(words: ["insufficient cpu"], causeClass: .insufficientCPU),
        Sign(words: ["insufficient memory"], causeClass: .insufficientMemory),
        Sign(words: ["insufficient ", "too many pods"], causeClass: .insufficientNodeResources),
        Sign(words: ["free ports"], causeClass: .hostPortConflict),
        Sign(words: ["topology spread"], causeClass: .topologySpreadConflict),
        Sign(words: ["max volume count"], causeClass: .volumeLimitExceeded),
    ]

    private static func sign(of text: String) -> Sign? {
        signs.first { $0.words.contains { text.contains($0) } }
    }
}
