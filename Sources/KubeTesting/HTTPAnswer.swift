// SPDX-License-Identifier: Apache-2.0
import Subprocess

/// What a server answers to curl, which knows nothing of this program.
public struct HTTPAnswer: Sendable {
    /// The status; 0 if there was no answer.
    public let status: Int
    /// The headers, their names in small letters.
    public let headers: [String: String]
    /// The body.
    public let body: String

    /// Asks for something.
    /// - Parameters:
    ///   - url: what to ask for.
    ///   - options: options of curl, such as `-H` and a header.
    public static func of(_ url: String, _ options: String...) async throws -> HTTPAnswer {
        let result = try await Subprocess.run(
            .name("curl"),
            arguments: Arguments(["--silent", "--include", "--max-time", "20", "--noproxy", "*"] + options + [url]),
            output: .string(limit: 16 << 20),
            error: .discarded
        )
        return HTTPAnswer(text: result.standardOutput)
    }

    private init(text: String) {
        // To Swift a carriage return and a line feed are one character.
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        let head = lines.prefix { !$0.isEmpty }
        status = head.first.flatMap { $0.split(separator: " ").dropFirst().first.flatMap { Int($0) } } ?? 0
        headers = head.dropFirst().reduce(into: [:]) { headers, line in
            guard let colon = line.firstIndex(of: ":") else { return }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingPrefix(" ").description
        }
        body = lines.dropFirst(head.count + 1).joined(separator: "\r\n")
    }
}
