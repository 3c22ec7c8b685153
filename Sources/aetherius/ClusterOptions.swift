// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import KubeClient

/// Which cluster a command talks to.
struct ClusterOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The kubeconfig file. Without it: $KUBECONFIG, ~/.kube/config, or the pod's service account.",
            valueName: "file"
        ),
        completion: .file()
    )
    var kubeconfig: String?

    @Option(help: ArgumentHelp("The context of the kubeconfig to use instead of the current one.", valueName: "name"))
    var context: String?

    func configuration() throws(KubeError) -> ClientConfiguration {
        var configuration = try ClientConfiguration.load(kubeconfig: kubeconfig, context: context)
        configuration.userAgent = "aetherius/\(Aetherius.version)"
        return configuration
    }
}
