// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// What was saved of a cluster, to look at instead of one.
struct BundleOption: ParsableArguments {
    @Option(
        name: .customLong("bundle"),
        help: ArgumentHelp(
            "Look at what was saved of a cluster: a directory, such as kubectl cluster-info dump writes, or a tar.gz of it.",
            valueName: "path"
        ),
        completion: .file()
    )
    var paths: [String] = []

    /// The path; nil to look at a cluster.
    var path: String? { paths.first }

    /// Says which options talk to a cluster, and so make no sense with a bundle.
    func check(_ cluster: ClusterOptions, _ impersonation: ImpersonationOptions) throws {
        guard let path else { return }
        if paths.count > 1 { throw ValidationError("--bundle stands there twice; look at one after the other") }
        if path.isEmpty { throw ValidationError("--bundle has no path; give a directory, or an archive of one") }
        let options = [
            ("--kubeconfig", cluster.kubeconfig != nil), ("--context", cluster.context != nil),
            ("--as", impersonation.user != nil),
        ]
        guard let option = options.first(where: \.1)?.0 else { return }
        throw ValidationError("--bundle talks to no cluster; leave out \(option)")
    }
}
