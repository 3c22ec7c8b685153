// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import KubeClient

struct CollectCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "collect",
            abstract: "Saves what a diagnosis looks at, to be diagnosed elsewhere.",
            usage: "\(Invocation.name) collect -o <file.tar.gz> [-n <namespace> | -A] [<options>]",
            discussion: """
                It only reads. Secrets are not read, and what looks like a credential is taken out of everything else.
                The exit code is 0 if the file was written, and 2 if not.

                EXAMPLES
                  \(Invocation.name) collect -n shop -o shop.tar.gz
                      one namespace, and the nodes, volumes and classes of the cluster
                  \(Invocation.name) collect -A -o cluster.tar.gz
                      the whole cluster
                  \(Invocation.name) diagnose --bundle shop.tar.gz
                      what is wrong, without the cluster
                """
        )
    }

    @Option(
        name: [.customShort("o", allowingJoined: true), .long],
        help: ArgumentHelp("The file to write; one of that name is replaced.", valueName: "file.tar.gz"),
        completion: .file()
    )
    var output: String

    @Option(
        name: [.customShort("n", allowingJoined: true), .long],
        help: ArgumentHelp("The namespace. Without it: that of the context.", valueName: "namespace")
    )
    var namespace: String?

    @Flag(name: [.customShort("A"), .long], help: "Save all namespaces.")
    var allNamespaces = false

    @OptionGroup var cluster: ClusterOptions
    @OptionGroup var impersonation: ImpersonationOptions

    func run() async throws {
        if let namespace { try Question.check(namespace, allNamespaces: allNamespaces) }
        do {
            try await collect()
        } catch {
            StandardError.write("\(Invocation.name): \(Printable.line("\(error)"))\n")
            throw ExitCode(2)
        }
    }

    private func collect() async throws {
        var configuration = try cluster.configuration()
        impersonation.apply(to: &configuration)
        let collector = ClusterCollector(client: try KubernetesClient(configuration: configuration))
        let place = allNamespaces ? nil : namespace ?? configuration.namespace
        StandardError.write(
            "Saving \(place.map { "namespace \($0)" } ?? "all namespaces") of \(configuration.server)\n"
        )
        let file = try NewFileOnDisk(output)
        do {
            try await collector.collect(namespace: place, write: file.write, progress: Self.tell)
            try file.finish()
        } catch {
            file.abandon()
            throw error
        }
        StandardError.write("Wrote \(output)\n")
    }

    private static func tell(_ progress: ClusterCollector.Progress) {
        switch progress {
        case .listed(_, 0): break
        case .listed(let plural, let count): StandardError.write("  \(count) \(plural)\n")
        case .refused(let what, let message):
            StandardError.write("  could not read \(what): \(Printable.line(message))\n")
        case .logs(let count): StandardError.write("  \(count) logs of containers in trouble\n")
        }
    }
}
