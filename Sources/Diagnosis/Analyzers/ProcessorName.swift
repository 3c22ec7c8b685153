// SPDX-License-Identifier: Apache-2.0

/// Names of processors as images and nodes have them.
enum ProcessorName {
    private static let names: [String: String] = [
        "amd64": "amd64", "x86": "amd64", "x64": "amd64", "arm64": "arm64", "arm64v8": "arm64", "aarch64": "arm64",
        "arm": "arm", "armhf": "arm", "armv6": "arm", "armv7": "arm", "arm32v5": "arm", "arm32v6": "arm",
        "arm32v7": "arm", "ppc64le": "ppc64le", "s390x": "s390x", "riscv64": "riscv64",
    ]

    /// The processor that the name or the tag of an image speaks of, as in the label `kubernetes.io/arch`.
    static func named(in image: String) -> String? {
        let name = image.prefix { $0 != "@" }.lowercased()
        let found = Set(name.split { !($0.isLetter || $0.isNumber) }.compactMap { names[String($0)] })
        // An image for several says nothing.
        return found.count == 1 ? found.first : nil
    }
}
