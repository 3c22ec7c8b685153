// SPDX-License-Identifier: Apache-2.0

extension KnowledgeEntry {
    /// What is wrong with the entry's spec, in the order of its fields; empty if nothing is.
    ///
    /// Whether the message patterns are regular expressions is for the program that looks for them to say.
    public func validate() -> [FieldError] {
        if let unreadableSpec { return [unreadableSpec] }
        var checks = FieldChecks()
        checks.text("spec.title", spec.title, 1...200)
        checks.text("spec.content", spec.content, 1...65536)
        checks.text("spec.category", spec.category, 1...63, .word)
        checks.texts("spec.tags", spec.tags, atMost: 20, each: 1...63, .tag)
        checks.match("spec.match", spec.match)
        checks.text("spec.rootCause", spec.rootCause, 0...1024)
        checks.steps("spec.steps", spec.steps, 0...20)
        checks.count("spec.references", spec.references, 0...20)
        for (index, reference) in spec.references.enumerated() {
            checks.text("spec.references[\(index)].title", reference.title, 0...200)
            checks.text("spec.references[\(index)].url", reference.url, 0...2048, .webURL)
        }
        checks.fraction("spec.confidence", spec.confidence)
        return checks.errors
    }
}

extension FieldChecks {
    fileprivate mutating func match(_ field: String, _ match: KnowledgeEntry.Match) {
        texts("\(field).kinds", match.kinds, atMost: 20, each: 1...63, .camelCase)
        texts("\(field).reasons", match.reasons, atMost: 50, each: 1...128, .noSpace)
        texts("\(field).messagePatterns", match.messagePatterns, atMost: 20, each: 1...256)
        texts("\(field).causeClasses", match.causeClasses, atMost: 20, each: 1...64, .camelCase)
    }
}
