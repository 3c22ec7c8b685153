// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// What is said to somebody who typed something that has no meaning: one line, with what to type instead.
struct UsageError {
    let line: String

    init(_ error: any Error, arguments: [String]) {
        let commands = Aetherius.configuration.subcommands.filter { $0.configuration.shouldDisplay }
            .compactMap { $0.configuration.commandName }
        let command = arguments.first.flatMap { commands.contains($0) ? $0 : nil }
        let message = command == nil ? Self.messageWithoutCommand(arguments, commands) : nil
        let sentence = message ?? Self.message(for: error)
        let called = command.map { "\(Invocation.name) \($0)" } ?? Invocation.name
        line = "\(Invocation.name): \(sentence) (see '\(called) --help')"
    }

    /// What is said if the first word is none of the commands.
    private static func messageWithoutCommand(_ arguments: [String], _ commands: [String]) -> String? {
        guard let first = arguments.first, !first.hasPrefix("-"), first != "help" else { return nil }
        guard first.contains("/") else {
            return "there is no command '\(first)'; type one of \(commands.joined(separator: ", "))"
        }
        return "'\(first)' is no command; type '\(Invocation.name) diagnose \(first)' to diagnose it"
    }

    /// The parser's sentence in our form: one line, and what to do about it.
    private static func message(for error: any Error) -> String {
        // Lists of possible values come with a line for each.
        var message = Aetherius.message(for: error).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        if message.hasSuffix(".") { message.removeLast() }
        let form = message
        // The name of a variable stays as it is.
        let isName = message.dropFirst().first?.isUppercase ?? false
        if !isName { message = message.prefix(1).lowercased() + message.dropFirst() }
        if form.hasPrefix("Missing") {
            return message + (help(for: error).map { ": \($0)" } ?? "; type it after the option")
        }
        let isSurplus =
            form.hasPrefix("Unexpected argument") || form.contains(" unexpected arguments:")
            || form.hasPrefix("Unknown option") && !form.contains("Did you mean")
        return isSurplus ? message + "; leave it out" : message
    }

    /// What the help says about the option that is wrong; only the parser's longer text has it.
    private static func help(for error: any Error) -> String? {
        let lines = Aetherius.fullMessage(for: error).split(whereSeparator: \.isNewline)
        guard let line = lines.first(where: { $0.hasPrefix("Help:") }) else { return nil }
        let words = line.dropFirst("Help:".count).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard let end = words.firstIndex(of: ">") else { return nil }
        let text = words[words.index(after: end)...].drop { $0 == " " }
        return text.prefix(1).lowercased() + (text.hasSuffix(".") ? text.dropFirst().dropLast() : text.dropFirst())
    }
}
