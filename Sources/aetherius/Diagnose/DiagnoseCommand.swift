import AetheriusAPI
// SPDX-License-Identifier: Apache-2.0
import AetheriusAgent
import ArgumentParser
import Diagnosis
import Evidence
import JSON
import KubeAPI
import KubeClient

struct DiagnoseCommand: AsyncParsableCommand {
    enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
    }

    /// What the exit code says.
    private enum Result {
        static let problems = ExitCode(1)
        static let couldNotLook = ExitCode(2)
    }

    static let configuration = CommandConfiguration(
        commandName: "diagnose",
        abstract: "Says why something is broken, once, without anything installed in the cluster.",
        discussion: """
            It only reads. The exit code is 0 if nothing is wrong, 1 if something is, and 2 if it could not look.

            EXAMPLES
              aetherius diagnose                            everything in the current namespace
              aetherius diagnose deployment/web -n shop     one workload and its pods
              aetherius diagnose pod/web-0 -o json          for programs
              aetherius diagnose -A                         the whole cluster
            """
    )

    @Argument(
        help: ArgumentHelp("What to look at, such as deployment/web. Without it: everything.", valueName: "kind/name")
    )
    var subject: String?

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("The namespace. Without it: that of the context.", valueName: "namespace")
    )
    var namespace: String?

    @Flag(name: [.customShort("A"), .long], help: "Look at all namespaces.")
    var allNamespaces = false

    @Option(name: [.short, .long], help: "How to write the answer: text or json.")
    var output = OutputFormat.text

    @OptionGroup var cluster: ClusterOptions

    func validate() throws {
        if let subject, SubjectName.parse(subject) == nil {
            throw ValidationError(SubjectName.usage(subject))
        }
        if allNamespaces, subject != nil || namespace != nil {
            throw ValidationError("--all-namespaces goes with neither an object nor --namespace.")
        }
    }

    func run() async throws {
        let answer: Answer
        do {
            answer = try await ask()
        } catch {
            StandardError.write("aetherius: \(error)\n")
            throw Result.couldNotLook
        }
        switch output {
        case .text: print(TextReport(answer).text, terminator: "")
        case .json: print(String(decoding: JSON.encode(answer), as: UTF8.self))
        }
        switch answer.conclusion.terminationReason {
        case .healthy: return
        case .couldNotLook, .targetNotFound: throw Result.couldNotLook
        case .confident, .likely, .inconclusive: throw Result.problems
        }
    }

    private func ask() async throws -> Answer {
        let configuration = try cluster.configuration()
        let client = try KubernetesClient(configuration: configuration)
        let place = allNamespaces ? nil : namespace ?? configuration.namespace
        var reference = subject.flatMap(SubjectName.parse)
        if reference?.kind != "Namespace" { reference?.namespace = place ?? "" }
        let scope = EvidenceScope(
            subject: reference,
            namespace: reference?.kind == "Namespace" ? reference?.name : place
        )
        let snapshot = try await ClusterEvidence(client: client).snapshot(of: scope)
        let report = DiagnosticTask.AgentReport(Analyzers.findings(in: snapshot), in: snapshot)
        let conclusion = Conclusion(
            subject: reference,
            namespace: scope.namespace,
            findings: report.rankableFindings,
            unreadable: snapshot.unreadable
        )
        return Answer(report: report, conclusion: conclusion)
    }
}
