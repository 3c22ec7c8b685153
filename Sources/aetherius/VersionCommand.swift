// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CBuild
import JSON

struct VersionCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
    }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "version",
            abstract: "Tells which build this is.",
            discussion: """
                EXAMPLES
                  \(Invocation.name) version
                      for people
                  \(Invocation.name) version -o json
                      for programs
                """
        )
    }

    @Option(name: [.short, .long], help: "How to write it: text or json.")
    var output = Format.text

    func run() {
        switch output {
        case .text:
            print("\(Invocation.program) \(Aetherius.version)")
            for (name, value) in [("commit", Build.commit), ("built", Build.date)] where !value.isEmpty {
                print("\(name) \(value)")
            }
            print("Swift \(Build.swift)")
        case .json:
            print(String(decoding: JSON.encode(Build()), as: UTF8.self))
        }
    }
}

/// What the program knows of its build.
///
/// Commit and date are what `AETHERIUS_COMMIT` and `AETHERIUS_BUILD_DATE` were in the environment of `swift build`.
struct Build: JSONEncodable {
    static var commit: String { String(cString: aetherius_build_commit()) }
    static var date: String { String(cString: aetherius_build_date()) }

    /// The compiler's version; the language has no way to ask for more than this.
    static var swift: String {
        #if compiler(>=6.5)
        "6.5 or newer"
        #elseif compiler(>=6.4)
        "6.4"
        #elseif compiler(>=6.3)
        "6.3"
        #else
        "6.2"
        #endif
    }

    func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("version", Aetherius.version)
            writer.field("commit", Self.commit)
            writer.field("buildDate", Self.date)
            writer.field("swift", Self.swift)
        }
    }
}
