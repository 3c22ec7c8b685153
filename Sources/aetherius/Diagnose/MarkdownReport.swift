// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import Diagnosis
import KubeAPI

/// The answer for an issue, a chat or a wiki.
struct MarkdownReport {
    private let answer: Answer

    init(_ answer: Answer) { self.answer = answer }

    var text: String {
        let conclusion = answer.conclusion
        var blocks = ["# Diagnosis of \(Markdown.text(answer.title))", Markdown.text(conclusion.summary)]
        if conclusion.candidates.count > 1 { blocks.append(overview) }
        for (index, cause) in conclusion.candidates.enumerated() {
            blocks += section(cause, number: conclusion.candidates.count > 1 ? "\(index + 1). " : "")
        }
        if conclusion.candidates.isEmpty { blocks += findings }
        if !answer.hygiene.isEmpty {
            blocks.append("## Could be better")
            blocks.append(
                answer.hygiene.map {
                    "- \(Markdown.text($0.object.description)): \(Markdown.text($0.causeClass.rawValue)). "
                        + Markdown.text($0.message)
                }.joined(separator: "\n")
            )
        }
        return (blocks + gaps).joined(separator: "\n\n") + "\n"
    }

    private var overview: String {
        let rows = answer.conclusion.candidates.enumerated().map { index, cause in
            "| \(index + 1) | \(Markdown.text(cause.object.description)) | \(Markdown.text(cause.causeClass.rawValue)) "
                + "| \(cause.confidence) |"
        }
        return (["| | Object | Cause | Confidence |", "|---|---|---|---|"] + rows).joined(separator: "\n")
    }

    private func section(_ cause: Cause, number: String) -> [String] {
        let description = CauseDescription(cause, in: answer)
        var blocks = [
            "## \(number)\(Markdown.text(cause.object.description)): \(Markdown.text(cause.causeClass.rawValue))",
            Markdown.text(cause.message),
            notes(cause, description),
        ]
        if !description.proof.isEmpty {
            blocks.append("**Proof**")
            blocks.append(description.proof.map { Markdown.item($0.source, $0.text) }.joined(separator: "\n"))
        }
        if !description.advice.isEmpty { blocks.append("**What to do**") }
        for advice in description.advice {
            let risk = advice.risk == .none ? "" : " (risk: \(advice.risk.rawValue.lowercased()))"
            blocks.append("\(Markdown.text(advice.title))\(risk). \(Markdown.text(advice.description))")
            if let command = advice.command { blocks.append(Markdown.block(command, language: "sh")) }
        }
        return blocks
    }

    private func notes(_ cause: Cause, _ description: CauseDescription) -> String {
        let notes = [
            ("Where", description.place), ("Confidence", "\(cause.confidence)"), ("About", description.related),
            ("Causes", description.consequences), ("Follows from", description.origin),
            ("First because", description.precedence),
        ]
        return notes.filter { !$0.1.isEmpty }.map { "**\($0.0):** \(Markdown.text($0.1))" }.joined(separator: "  \n")
    }

    private var findings: [String] {
        let items = answer.report.findings.flatMap { finding in
            ["- \(Markdown.text(finding.object.description)): \(Markdown.text(finding.message))"]
                + answer.evidence(for: finding).map { "  " + Markdown.item($0.source ?? $0.kind.rawValue, $0.text) }
        }
        return items.isEmpty ? [] : ["**What was seen**", items.joined(separator: "\n")]
    }

    private var gaps: [String] {
        var blocks: [String] = []
        if !answer.report.unreadable.isEmpty {
            blocks.append("**Could not look at**")
            blocks.append(
                answer.report.unreadable
                    .map { "- \(Markdown.text($0.what)): \(Markdown.text($0.message ?? $0.reason))" }
                    .joined(separator: "\n")
            )
        }
        if answer.report.truncated {
            blocks.append("There was more than is looked at in one go; ask about one object to see all of it.")
        }
        return blocks
    }
}

/// Puts text from a cluster into Markdown so that it means nothing but itself there.
enum Markdown {
    /// Within a sentence.
    static func text(_ text: String) -> String {
        var result = ""
        for character in Printable.line(text) {
            if "\\`*_{}[]<>#|~&!".contains(character) { result += "\\" }
            result.append(character)
        }
        return result
    }

    /// An item of a list: a place, and what is there word for word.
    static func item(_ source: String, _ text: String) -> String {
        "- \(self.text(source)): \(code(text))"
    }

    static func code(_ text: String) -> String {
        let line = Printable.line(text)
        let fence = String(repeating: "`", count: longestRun(in: line) + 1)
        // A backtick at an end would run into the fence.
        let space = line.hasPrefix("`") || line.hasSuffix("`") ? " " : ""
        return line.isEmpty ? "nothing" : fence + space + line + space + fence
    }

    static func block(_ text: String, language: String) -> String {
        let fence = String(repeating: "`", count: max(3, longestRun(in: text) + 1))
        return ([fence + language] + Printable.lines(text) + [fence]).joined(separator: "\n")
    }

    private static func longestRun(in text: String) -> Int {
        text.split { $0 != "`" }.map(\.count).max() ?? 0
    }
}
