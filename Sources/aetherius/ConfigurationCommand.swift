// SPDX-License-Identifier: Apache-2.0
import AetheriusAgent
import AetheriusOperator
import ArgumentParser
import Observability

/// Writes `docs/configuration.md`; not for users.
struct ConfigurationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "configuration",
        abstract: "Lists the settings of the operator and of agents, as Markdown.",
        shouldDisplay: false
    )

    func run() { print(Self.text, terminator: "") }

    private static func sections(_ settings: [Setting]) -> String {
        let sections = settings.map { setting in
            """
            ### \(setting.key)

            \(setting.help)

            - flag `--\(setting.flag)\(setting.form == .flag ? "`, or `--no-\(setting.flag)" : " <\(setting.form.placeholder)>")`
            - environment `\(setting.variable)`
            - value: \(setting.form.requirement)
            - default: \(setting.fallback.isEmpty ? setting.fallbackNote : "`\(setting.fallback)`")

            """
        }
        return sections.joined(separator: "\n")
    }

    private static var text: String {
        """
        # Configuration of the operator and of agents

        Made by `make docs-configuration` from the table of settings in the program; do not edit it by hand.

        Each setting can be given as a flag, as a variable of the environment, or as a line of a file in YAML. A flag counts
        more than a variable, a variable more than the file, and the file more than the default. An empty variable counts as
        none. The file is named by `--config` or `AETHERIUS_CONFIG`; its keys are the headings below:

        ```yaml
        logLevel: debug
        logFormat: json
        watchNamespaces: [shop, billing]
        metricsBindAddress: 127.0.0.1:9090
        ```

        A key that does not exist, and a value that is not possible, end the start with exit code 64 and one line that names
        the place (the flag, the variable, or the file and its line) and says what is possible. What something else
        overrides is checked too.

        All settings but the log level are for the life of the process. The log level is also served at `/log-level` beside
        the probes, for clients in the same pod or behind `kubectl port-forward`:

        ```sh
        kubectl -n aetherius-system port-forward deployment/aetherius 8080 &
        curl http://127.0.0.1:8080/log-level
        curl -X PUT --data debug http://127.0.0.1:8080/log-level
        ```

        ## Settings


        """ + sections(OperatorSetting.all) + agents + sections(AgentSetting.all)
    }

    private static var agents: String {
        """

        ## Settings of an agent

        Of the program `\(Invocation.program) agent`. What an agent observes and reports is set at the hub, in its ClusterAgent. The
        file is named by `--config` or `AETHERIUS_AGENT_CONFIG`. Whoever lets the operator deploy agents sets none of these: the
        operator does.


        """
    }
}
