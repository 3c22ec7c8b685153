// SPDX-License-Identifier: Apache-2.0

/// The end of one container's log.
public struct ContainerLog: Sendable, Hashable {
    /// The pod's namespace.
    public var namespace: String
    /// The pod.
    public var pod: String
    /// The container.
    public var container: String
    /// Whether it is the log of the run before the present one.
    public var isPrevious: Bool
    /// The last lines, oldest first.
    public var lines: [String]

    /// Creates a log.
    public init(namespace: String, pod: String, container: String, isPrevious: Bool, lines: [String]) {
        self.namespace = namespace
        self.pod = pod
        self.container = container
        self.isPrevious = isPrevious
        self.lines = lines
    }
}
