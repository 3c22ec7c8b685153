// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import Diagnosis
import KubeAPI

/// The answer for people at a terminal.
struct TextReport {
    private static let maximumFindings = 10
    /// The labels of a cause's parts stand in a column of their own.
    private static let labelWidth = 7
    private static let margin = 2

    private let answer: Answer
    private let paragraph: Paragraph
    private let style: Style

    init(_ answer: Answer, paragraph: Paragraph, style: Style) {
        self.answer = answer
        self.paragraph = paragraph
        self.style = style
    }

    /// The report, with a line break after each of its lines.
    var text: String {
        let parts = [verdict] + causes + [findings, remarks, gaps]
        return parts.filter { !$0.isEmpty }
            .map { $0.joined(separator: "\n") + "\n" }
            .joined(separator: "\n")
    }

    /// What there is to say before the details.
    private var verdict: [String] {
        let conclusion = answer.conclusion
        switch conclusion.terminationReason {
        case .healthy: return colored(conclusion.summary, .healthy)
        case .targetNotFound: return colored("\(answer.title) does not exist.", .fault)
        case .couldNotLook:
            return colored(
                "Could not look at all of \(answer.title), and saw nothing wrong in the rest.",
                .warning
            )
        case .inconclusive where conclusion.candidates.isEmpty:
            return colored("Something is wrong in \(answer.title), but the cause is not known.", .fault)
        case .inconclusive:
            return colored("Something is wrong in \(answer.title), but no cause is certain enough.", .fault) + overview
        case .confident, .likely: return conclusion.candidates.count > 1 ? severalCauses : []
        }
    }

    private var severalCauses: [String] {
        let count = answer.conclusion.candidates.count
        return colored("\(count) causes in \(answer.title), the most certain first:", .subject) + overview
    }

    /// One line for each cause, aligned, with the longest words last.
    private var overview: [String] {
        let candidates = answer.conclusion.candidates
        let classes = candidates.map { Printable.line($0.causeClass.rawValue) }
        let widest = classes.map(\.count).max() ?? 0
        return candidates.indices.map { index in
            let number = "\(index + 1)".leftPadded(to: String(candidates.count).count)
            return "  \(number)  \(style(classes[index].padded(to: widest), .fault))  "
                + Printable.line(candidates[index].object.description)
        }
    }

    private var causes: [[String]] {
        let candidates = answer.conclusion.candidates
        return candidates.enumerated().map { index, cause in
            let number = candidates.count > 1 ? "\(index + 1). " : ""
            let title =
                style(number + Printable.line(cause.object.description), .subject) + ": "
                + style(Printable.line(cause.causeClass.rawValue), .fault)
                + style(" (confidence \(cause.confidence))", .label)
            return [title] + indented(cause.message, by: Self.margin) + details(of: cause)
        }
    }

    private func details(of cause: Cause) -> [String] {
        let description = CauseDescription(cause, in: answer)
        let notes = [
            ("where", description.place), ("about", description.related), ("causes", description.consequences),
            ("after", description.origin),
            ("first", description.precedence.isEmpty ? "" : "because \(description.precedence)"),
        ]
        return notes.filter { !$0.1.isEmpty }
            .flatMap { section($0.0, [entry($0.1, indent: Self.margin + Self.labelWidth)]) }
            + section("proof", description.proof.map(entry))
            + section("to do", description.advice.map(entry))
    }

    private func entry(_ proof: CauseDescription.Proof) -> [String] {
        let indent = Self.margin + Self.labelWidth
        let source = Printable.line(proof.source)
        let text = Printable.lines(proof.text)
        // What was seen stands beside its place, or below it if it has lines of its own. What does not fit stands
        // further in, so that each piece is seen to begin.
        guard text.count > 1 else {
            return entry("\(source): \(text.first ?? "")", indent: indent + Self.margin).enumerated().map {
                index,
                line in
                guard index == 0 else { return "  " + line }
                return line.hasPrefix(source) ? style(source, .label) + line.dropFirst(source.count) : line
            }
        }
        return [style("\(source):", .label)]
            + paragraph.lines(proof.text, indent: indent + Self.margin).map { "  " + $0 }
    }

    private func entry(_ advice: Recommendation) -> [String] {
        let indent = Self.margin + Self.labelWidth
        let risk = advice.risk == .none ? "" : " (risk: \(advice.risk.rawValue.lowercased()))"
        var lines = entry("\(advice.title)\(risk). \(advice.description)", indent: indent)
        // A command is copied, so it stays in one line however long it is.
        if let command = advice.command { lines.append("  " + style(Printable.line(command), .command)) }
        return lines
    }

    private func entry(_ text: String, indent: Int) -> [String] { paragraph.lines(text, indent: indent) }

    /// Puts a label before the first of several entries, and the rest below it.
    private func section(_ label: String, _ entries: [[String]]) -> [String] {
        let margin = String(repeating: " ", count: Self.margin)
        return entries.joined().enumerated().map { index, line in
            let label = (index == 0 ? label : "").padded(to: Self.labelWidth)
            return margin + (index == 0 ? style(label, .label) : label) + line
        }
    }

    /// What was found where no cause explains it.
    private var findings: [String] {
        guard answer.conclusion.candidates.isEmpty, answer.conclusion.terminationReason == .inconclusive else {
            return []
        }
        let findings = answer.report.findings
        var lines: [String] = []
        for finding in findings.prefix(Self.maximumFindings) {
            lines.append(
                "  " + style(Printable.line(finding.object.description), .subject) + ": " + style(finding.class, .fault)
            )
            lines += indented(finding.message, by: 4)
            for evidence in answer.evidence(for: finding) {
                lines += item("\(evidence.source ?? evidence.kind.rawValue): \(evidence.text)", by: 4)
            }
        }
        if findings.count > Self.maximumFindings {
            lines.append("  and \(findings.count - Self.maximumFindings) more; -o json has all of them")
        }
        return lines
    }

    /// What could be better; those who have asked for it want all of it.
    private var remarks: [String] {
        guard !answer.hygiene.isEmpty else { return [] }
        return colored("Could be better:", .subject)
            + answer.hygiene.flatMap { item("\($0.object): \($0.causeClass). \($0.message)", by: Self.margin) }
    }

    /// What the answer does not rest on, so that nobody takes it for more than it is.
    private var gaps: [String] {
        var lines: [String] = []
        if !answer.report.unreadable.isEmpty {
            lines += colored("Could not look at:", .warning)
            for gap in answer.report.unreadable {
                lines += item("\(gap.what): \(gap.message ?? gap.reason)", by: Self.margin)
            }
        }
        if answer.report.truncated {
            lines += colored(
                "There was more than is looked at in one go; ask about one object to see all of it.",
                .warning
            )
        }
        return lines
    }

    private func colored(_ text: String, _ role: Style.Role) -> [String] {
        paragraph.lines(text, indent: 0).map { style($0, role) }
    }

    private func indented(_ text: String, by indent: Int) -> [String] {
        paragraph.lines(text, indent: indent).map { String(repeating: " ", count: indent) + $0 }
    }

    /// Like ``indented(_:by:)``, with what does not fit further in, so that each of several items is seen to begin.
    private func item(_ text: String, by indent: Int) -> [String] {
        paragraph.lines(text, indent: indent + Self.margin).enumerated().map { index, line in
            String(repeating: " ", count: index == 0 ? indent : indent + Self.margin) + line
        }
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

    fileprivate func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
