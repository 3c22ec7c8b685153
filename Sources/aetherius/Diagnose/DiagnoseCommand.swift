// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import AetheriusAgent
import ArgumentParser
import Diagnosis
import Evidence
import JSON
import KubeAPI
import KubeClient
import YAML

struct DiagnoseCommand: AsyncParsableCommand {
    enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
        case yaml
        case markdown
    }

    /// What the exit code says.
    private enum Result {
        static let problems = ExitCode(1)
        static let couldNotLook = ExitCode(2)
    }

    /// A whole cluster has more to tell than the status of one task has room for.
    private static let maximumCandidates = 100

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "diagnose",
            abstract: "Says why something is broken, once, without anything installed in the cluster.",
            usage: """
                \(Invocation.name) diagnose [<kind>/<name>] [-n <namespace> | -A]
                         [-o text|json|yaml|markdown] [<options>]
                """,
            discussion: """
                It only reads. The exit code is 0 if nothing is wrong, 1 if something is, and 2 if it could not look.

                EXAMPLES
                  \(Invocation.name) diagnose
                      everything in the current namespace
                  \(Invocation.name) diagnose deployment/web -n shop
                      one workload and its pods; "deploy web" does as well
                  \(Invocation.name) diagnose -A
                      the whole cluster
                  \(Invocation.name) diagnose pod/web-0 -o json
                      for programs; docs/diagnose.md describes each field
                  \(Invocation.name) diagnose -n shop -o markdown > report.md
                      to put into an issue or a chat
                  \(Invocation.name) diagnose --bundle dump.tar.gz
                      what was saved of a cluster, without talking to any
                  \(Invocation.name) diagnose -n shop --context staging --as jane
                      another cluster, with what somebody else may see
                """
        )
    }

    @OptionGroup var question: Question

    @Option(
        name: [.customShort("o", allowingJoined: true), .long],
        help: ArgumentHelp("How to write the answer.", valueName: "format")
    )
    var output = OutputFormat.text

    @Option(help: ArgumentHelp("When to use colour; auto: on a terminal, unless NO_COLOR is set.", valueName: "when"))
    var color = ColorChoice.auto

    /// What is told besides what is wrong.
    enum Inclusion: String, ExpressibleByArgument, CaseIterable {
        case hygiene
    }

    @Option(
        help: ArgumentHelp(
            "What to tell besides what is wrong; hygiene: what works and could be set up better.",
            valueName: "what"
        )
    )
    var include: [Inclusion] = []

    @Flag(help: "Also look at the dates and names of certificates, in the Secrets that Ingresses and Gateways name.")
    var readSecrets = false

    @OptionGroup var bundle: BundleOption
    @OptionGroup var cluster: ClusterOptions
    @OptionGroup var impersonation: ImpersonationOptions

    func run() async throws {
        try question.check()
        try bundle.check(cluster, impersonation)
        if bundle.path != nil, readSecrets {
            throw ValidationError("--bundle has no values of Secrets; leave out --read-secrets")
        }
        let answer: Answer
        do {
            answer = try await ask()
        } catch {
            StandardError.write("\(Invocation.name): \(Printable.line("\(error)"))\n")
            // Programs get an answer of the same form whatever happens.
            if output == .json || output == .yaml {
                try show(Answer(failure: error, subject: try? question.reference, namespace: question.namespace))
            }
            throw Result.couldNotLook
        }
        try show(answer)
        switch answer.conclusion.terminationReason {
        case .healthy: return
        case .couldNotLook, .targetNotFound: throw Result.couldNotLook
        case .confident, .likely, .inconclusive: throw Result.problems
        }
    }

    private func show(_ answer: Answer) throws {
        switch output {
        case .text:
            let report = TextReport(
                answer,
                paragraph: Paragraph(width: Terminal.output.width),
                style: Style(isColored: color.isOn)
            )
            print(report.text, terminator: "")
        case .json: print(String(decoding: JSON.encode(answer), as: UTF8.self))
        case .yaml:
            let value = try JSON.decode(JSONValue.self, from: JSON.encode(answer))
            print(String(decoding: YAML.encode(value), as: UTF8.self), terminator: "")
        case .markdown: print(MarkdownReport(answer).text, terminator: "")
        }
    }

    private func ask() async throws -> Answer {
        if let path = bundle.path { return try await ask(BundleEvidence(path: path), path, namespace: nil) }
        var configuration = try cluster.configuration()
        impersonation.apply(to: &configuration)
        let client = try KubernetesClient(configuration: configuration)
        var limits = ClusterEvidence.Limits()
        limits.customKinds = 200
        limits.readsSecrets = readSecrets
        limits.readsForHygiene = include.contains(.hygiene)
        let source = ClusterEvidence(client: client, limits: limits)
        return try await ask(source, configuration.server, namespace: configuration.namespace)
    }

    /// - Parameters:
    ///   - name: what the source is called.
    ///   - namespace: where to look if the question does not say; nil for everywhere.
    private func ask(_ source: some EvidenceSource, _ name: String, namespace: String?) async throws -> Answer {
        let place = question.allNamespaces ? nil : question.namespace ?? namespace
        var subject = try question.reference
        if subject?.kind != "Namespace" { subject?.namespace = place ?? "" }
        let scope = EvidenceScope(
            subject: subject,
            namespace: subject?.kind == "Namespace" ? subject?.name : place
        )
        let title = subject?.description ?? scope.namespace.map { "namespace \($0)" } ?? "all namespaces"
        return try await Progress.during("Reading \(title) from \(name)") {
            let snapshot = try await source.snapshot(of: scope)
            let found = await Assessment.inParallel(of: snapshot)
            let report = DiagnosticTask.AgentReport(found, in: snapshot, bounds: .document)
            let assessment = report.assessment
            let conclusion = Conclusion(
                subject: subject,
                namespace: scope.namespace,
                findings: assessment.findings,
                explanations: assessment.explanations,
                unreadable: snapshot.unreadable,
                maximumCandidates: Self.maximumCandidates
            )
            return Answer(
                subject: subject,
                namespace: scope.namespace,
                report: report,
                conclusion: conclusion,
                hygiene: include.contains(.hygiene) ? Analyzers.hygieneFindings(in: snapshot) : []
            )
        }
    }
}
