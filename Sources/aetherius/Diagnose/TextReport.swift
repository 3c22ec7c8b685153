// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import Diagnosis
import KubeAPI

/// The answer for people.
struct TextReport {
    private static let maximumEvidence = 5
    private let answer: Answer

    init(_ answer: Answer) { self.answer = answer }

    var text: String {
        let conclusion = answer.conclusion
        guard !conclusion.candidates.isEmpty else { return conclusion.summary + "\n" + gaps }
        var text = ""
        for (index, cause) in conclusion.candidates.enumerated() {
            if index > 0 { text += "\n" }
            text += "\(cause.object)\n"
            text += "  \(cause.causeClass) (confidence \(cause.confidence))\n"
            text += "  \(cause.message)\n"
            text += list("Shown by", cause.objects.map(\.description).filter { $0 != cause.object.description })
            text += list("Evidence", answer.evidence(for: cause).map { "\($0.source ?? ""): \($0.text)" })
            let advice = Analyzers.recommendations(for: cause).map { recommendation in
                recommendation.title + (recommendation.command.map { ": \($0)" } ?? "")
            }
            text += list("What to do", advice)
        }
        return text + gaps
    }

    private var gaps: String {
        answer.report.unreadable.reduce(into: "") { text, item in
            text += "Could not look at \(item.what): \(item.message ?? item.reason)\n"
        }
    }

    private func list(_ title: String, _ lines: [String]) -> String {
        guard !lines.isEmpty else { return "" }
        var text = "  \(title):\n"
        for line in lines.prefix(Self.maximumEvidence) {
            text += "    - " + line.split(whereSeparator: \.isNewline).joined(separator: "\n      ") + "\n"
        }
        if lines.count > Self.maximumEvidence { text += "    - and \(lines.count - Self.maximumEvidence) more\n" }
        return text
    }
}
