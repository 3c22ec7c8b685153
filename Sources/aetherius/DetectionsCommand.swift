// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Diagnosis

/// Writes `docs/detections.md`; not for users.
struct DetectionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detections",
        abstract: "Lists what can be detected, as Markdown.",
        shouldDisplay: false
    )

    func run() { print(Self.text, terminator: "") }

    private static var text: String {
        let detections = Analyzers.detections
        let chapters: [(title: String, about: String, category: Detection.Category)] = [
            ("Faults", "Something does not work, and this can be why. Each of them can be a root cause.", .fault),
            ("Symptoms", "Something does not work, and this is never why; causes explain it.", .symptom),
            (
                "Hygiene",
                "Everything works; it could be set up better. Told only with `--include hygiene`, and never a cause.",
                .hygiene
            ),
        ]
        let sections = chapters.map { chapter in
            let rows = detections.filter { $0.category == chapter.category }.map { detection in
                "| `\(detection.causeClass)` | \(detection.kinds.joined(separator: ", ")) | \(cell(detection.proof)) "
                    + "| \(cell(detection.remedy)) |"
            }
            return "## \(chapter.title)\n\n\(chapter.about)\n\n| class | object | what proves it | what to do |\n"
                + "|---|---|---|---|\n" + rows.joined(separator: "\n") + "\n"
        }
        return """
            # What is detected

            Made by `make docs-detections` from what the analyzers say of themselves; do not edit it by hand. A class
            that stands here twice is found in two ways. "Workload" is any kind that owns pods: the object that is named is
            the one that a person would edit.


            """ + sections.joined(separator: "\n")
    }

    private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }
}
