// swift-tools-version:6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

/// Third-party products by the short name that the target list below uses.
enum Library {
    static let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
    static let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
    static let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
    static let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
    static let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
    static let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")
    static let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
    static let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
    static let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
    static let metricsTestKit = Target.Dependency.product(name: "MetricsTestKit", package: "swift-metrics")
    static let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
    static let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
    static let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
    static let orderedCollections = Target.Dependency.product(
        name: "OrderedCollections",
        package: "swift-collections"
    )
    static let serviceLifecycle = Target.Dependency.product(
        name: "ServiceLifecycle",
        package: "swift-service-lifecycle"
    )
    static let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
    static let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
    static let tracing = Target.Dependency.product(name: "Tracing", package: "swift-distributed-tracing")
    static let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
}

/// Something that only whoever builds knows, from the environment.
func buildFact(_ name: String) -> [CSetting] {
    Context.environment[name].map { [.define(name, to: "\"\($0)\"")] } ?? []
}

let package = Package(
    name: "aetherius",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "aetherius", targets: ["aetherius"]),
        .library(name: "JSON", targets: ["JSON"]),
        .library(name: "KubeAPI", targets: ["KubeAPI"]),
        .library(name: "KubeClient", targets: ["KubeClient"]),
        .library(name: "KubeRuntime", targets: ["KubeRuntime"]),
        .library(name: "KubeTesting", targets: ["KubeTesting"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", exact: "1.7.3"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.90.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.36.0"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        // Without its own configuration library, which would bring the whole of Foundation.
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2", traits: []),
    ],
    targets: [
        // Floor 0: bytes, and the system libraries behind thin typed shims.
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(name: "JSON", dependencies: [Library.orderedCollections]),
        .target(name: "Archive"),
        .target(name: "Redaction"),
        .target(name: "YAML", dependencies: ["CYAML", "JSON", Library.orderedCollections]),

        // Floor 1: Kubernetes objects, and talking to an API server.
        .target(name: "KubeAPI", dependencies: ["JSON", Library.orderedCollections]),
        .target(
            name: "KubeClient",
            dependencies: [
                "CCurl", "COpenSSL", "JSON", "KubeAPI", "Redaction", "YAML", Library.deque, Library.orderedCollections,
                Library.subprocess, Library.systemPackage, Library.tracing,
            ]
        ),

        // Floor 2: the informer and work queue library, and seeing what a process does.
        .target(
            name: "KubeRuntime",
            dependencies: [
                "JSON", "KubeAPI", "KubeClient", Library.coreMetrics, Library.deque, Library.heap, Library.logging,
                Library.serviceLifecycle, Library.tracing, Library.unixSignals,
            ]
        ),
        .target(
            name: "Observability",
            dependencies: [
                "JSON", "KubeClient", "Redaction", "YAML", Library.coreMetrics, Library.httpTypes, Library.hummingbird,
                Library.hummingbirdCore, Library.hummingbirdTLS, Library.logging, Library.nioCore, Library.nioPosix,
                Library.nioSSL, Library.orderedCollections, Library.serviceLifecycle, Library.tracing,
            ]
        ),

        // Floor 3: the custom resources.
        .target(name: "AetheriusAPI", dependencies: ["JSON", "KubeAPI"]),

        // Floor 4: looking at a cluster, and deciding what is wrong with it.
        .target(name: "Diagnosis", dependencies: ["KubeAPI"]),
        .target(
            name: "Evidence",
            dependencies: [
                "Archive", "COpenSSL", "Diagnosis", "JSON", "KubeAPI", "KubeClient", "Redaction", "YAML",
                Library.orderedCollections,
            ]
        ),

        // Floor 5: the two halves of the operator.
        .target(
            name: "AetheriusAgent",
            dependencies: [
                "AetheriusAPI", "COpenSSL", "Diagnosis", "Evidence", "JSON", "KubeAPI", "KubeClient", "KubeRuntime",
                "Observability", "Redaction", Library.coreMetrics, Library.logging, Library.orderedCollections,
                Library.serviceLifecycle,
            ]
        ),
        .target(
            name: "AetheriusOperator",
            dependencies: [
                "AetheriusAPI", "AetheriusAgent", "COpenSSL", "Diagnosis", "Evidence", "JSON", "KubeAPI", "KubeClient",
                "KubeRuntime", "Observability", "YAML", Library.coreMetrics, Library.logging,
                Library.serviceLifecycle, Library.unixSignals,
            ]
        ),

        // Floor 6: the command line, and what its builder says of it.
        .target(name: "CBuild", cSettings: buildFact("AETHERIUS_COMMIT") + buildFact("AETHERIUS_BUILD_DATE")),
        .executableTarget(
            name: "aetherius",
            dependencies: [
                "AetheriusAgent", "AetheriusAPI", "AetheriusOperator", "CBuild", "Diagnosis", "Evidence", "JSON",
                "KubeAPI", "KubeClient", "KubeRuntime", "Observability", "YAML", Library.argumentParser,
                Library.logging, Library.serviceLifecycle,
            ]
        ),

        // Beside the house: a real Kubernetes for tests, and the figures.
        .target(
            name: "KubeTesting",
            dependencies: [
                "CCurl", "JSON", "KubeAPI", "KubeClient", Library.deque, Library.subprocess, Library.systemPackage,
            ]
        ),
        .executableTarget(
            name: "Benchmark",
            dependencies: [
                "AetheriusAPI", "JSON", "KubeAPI", "KubeClient", "KubeRuntime", "KubeTesting", Library.logging,
                Library.subprocess, Library.systemPackage,
            ]
        ),

        .executableTarget(
            name: "ConfigMapOperator",
            dependencies: ["JSON", "KubeAPI", "KubeClient", "KubeRuntime", Library.logging],
            path: "examples/config-map-operator",
            exclude: ["README.md", "crd.yaml"]
        ),
        .executableTarget(
            name: "LeaderElectionProbe",
            dependencies: ["KubeAPI", "KubeClient", "KubeRuntime", Library.logging],
            path: "Tests/LeaderElectionProbe"
        ),

        .testTarget(name: "ArchiveTests", dependencies: ["Archive"]),
        .testTarget(name: "JSONTests", dependencies: ["JSON", Library.orderedCollections]),
        .testTarget(name: "RedactionTests", dependencies: ["KubeTesting", "Redaction"]),
        .testTarget(name: "YAMLTests", dependencies: ["JSON", "YAML"]),
        .testTarget(name: "KubeAPITests", dependencies: ["JSON", "KubeAPI"]),
        .testTarget(
            name: "KubeClientTests",
            dependencies: ["CCurl", "JSON", "KubeAPI", "KubeClient", "KubeTesting", Library.subprocess]
        ),
        .testTarget(
            name: "ObservabilityTests",
            dependencies: [
                "JSON", "KubeClient", "KubeTesting", "Observability", Library.coreMetrics, Library.logging,
                Library.serviceLifecycle, Library.tracing,
            ]
        ),
        .testTarget(
            name: "KubeRuntimeTests",
            dependencies: [
                "JSON", "KubeAPI", "KubeClient", "KubeRuntime", "KubeTesting", "LeaderElectionProbe",
                Library.coreMetrics, Library.logging,
                Library.metricsTestKit, Library.serviceLifecycle,
            ]
        ),
        .testTarget(
            name: "AetheriusAPITests",
            dependencies: [
                "AetheriusAPI", "JSON", "KubeAPI", "KubeClient", "KubeTesting", "YAML", Library.orderedCollections,
            ]
        ),
        .testTarget(name: "DiagnosisTests", dependencies: ["Diagnosis", "JSON", "KubeAPI", "KubeTesting"]),
        .testTarget(
            name: "EvidenceTests",
            dependencies: ["Diagnosis", "Evidence", "JSON", "KubeAPI", "KubeClient", "KubeTesting"]
        ),
        .testTarget(
            name: "AetheriusAgentTests",
            dependencies: [
                "aetherius", "AetheriusAPI", "AetheriusAgent", "Evidence", "JSON", "KubeAPI", "KubeClient",
                "KubeRuntime",
                "KubeTesting", "Observability", Library.logging, Library.serviceLifecycle,
            ]
        ),
        .testTarget(
            name: "AetheriusOperatorTests",
            dependencies: [
                "aetherius", "AetheriusAgent", "AetheriusAPI", "AetheriusOperator", "Diagnosis", "Evidence", "JSON",
                "KubeAPI", "KubeClient", "KubeRuntime", "KubeTesting", "Observability", "YAML", Library.logging,
                Library.serviceLifecycle, Library.subprocess,
            ]
        ),
        .testTarget(
            name: "ExampleTests",
            dependencies: ["ConfigMapOperator", "JSON", "KubeAPI", "KubeClient", "KubeTesting"]
        ),
        .testTarget(
            name: "CommandLineTests",
            dependencies: ["aetherius", "JSON", "KubeAPI", "KubeClient", "KubeTesting", "YAML"]
        ),
    ],
    swiftLanguageModes: [.v6]
)

// One policy for every target of ours; a system library has nothing to compile.
for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .treatAllWarnings(as: .error),
    ]
}

// Compiling for a sanitizer takes long: LIBRARY_TESTS_ONLY leaves what the tests of the libraries need.
if Context.environment["LIBRARY_TESTS_ONLY"] != nil {
    var needed: Set<String> = ["JSONTests", "KubeAPITests", "KubeClientTests", "KubeRuntimeTests"]
    var open = needed
    while let name = open.popFirst() {
        for dependency in package.targets.first(where: { $0.name == name })?.dependencies ?? [] {
            guard case .byNameItem(let name, _) = dependency, needed.insert(name).inserted else { continue }
            open.insert(name)
        }
    }
    package.targets.removeAll { !needed.contains($0.name) }
    package.products = []
}
