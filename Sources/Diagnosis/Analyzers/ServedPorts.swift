// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// What is known about the ports that the processes of a pod listen on.
///
/// The ports that a container declares are information only: a process may listen on others. What a probe gets an answer
/// from, and what the process itself says, is sure.
struct ServedPorts {
    /// Ports that a probe of a ready container asks.
    private(set) var proven: Set<Int> = []
    /// Ports on which a log says that the process listens.
    private(set) var logged: Set<Int> = []
    /// Ports that the containers declare.
    private(set) var declared: [Container.Port] = []
    /// Whether a container declares none at all, and may listen anywhere.
    private(set) var hasSilentContainer = false
    private let texts: [String]

    init(_ pod: Pod, _ snapshot: Snapshot) {
        // Containers that are started before the others and stay are found by the names of their ports, too.
        let containers = pod.spec.containers + pod.spec.initContainers.filter { $0.restartPolicy == "Always" }
        declared = containers.flatMap(\.ports)
        hasSilentContainer = containers.contains { $0.ports.isEmpty }
        texts = containers.flatMap { container in
            container.environment.compactMap(\.value) + container.command + container.arguments
        }
        for container in containers {
            let statuses = pod.status.containerStatuses + pod.status.initContainerStatuses
            guard let status = statuses.first(where: { $0.name == container.name }), status.state.running != nil else {
                continue
            }
            if status.isReady { proven.formUnion(Self.probed(container)) }
            for log in snapshot.logs(of: container.name, in: pod) where !log.isPrevious {
                logged.formUnion(ListeningPort.all(in: log.lines))
            }
        }
    }

    /// The ports that the container's probes ask over the network.
    private static func probed(_ container: Container) -> [Int] {
        // Without a readiness probe a container is ready as soon as it runs; a startup probe has been passed by then.
        let probes = [container.readinessProbe, container.startupProbe].compactMap(\.self)
        return probes.filter { $0.method != .exec && ($0.host ?? "").isEmpty }.compactMap {
            $0.portNumber(in: container)
        }
    }

    /// Ports on which a process is sure to listen.
    var sure: Set<Int> { proven.union(logged) }

    /// Whether the configuration of a container, as far as it is in the pod, speaks of a number.
    func mentions(_ port: Int) -> Bool {
        let number = Array(String(port).utf8)
        return texts.contains { text in
            text.utf8.split { !(48...57).contains($0) }.contains { $0.elementsEqual(number) }
        }
    }
}

/// The port on which a process says that it listens.
enum ListeningPort {
    /// The most lines of a log that are looked at: processes say it when they start.
    private static let maximumLines = 2000
    private static let maximumLength = 400
    private static let words = PhraseMatcher([
        "listening", "listens on", "listen on", "started on port", "running on", "serving on", "server started",
        "bound to", "binding to", "accepting connections", "ready to accept", "now serving", "starting server on",
        "started server on", "http server on",
    ])
    private static let denials = PhraseMatcher(["fail", "error", "cannot", "unable", "in use", "not listening"])

    /// The ports that the lines tell of.
    static func all(in lines: [String]) -> Set<Int> {
        var ports: Set<Int> = []
        for line in lines.prefix(maximumLines) { ports.formUnion(all(in: line)) }
        return ports
    }

    /// The ports of which the lines tell only with the address that nobody outside of the pod reaches.
    ///
    /// The name `localhost` says nothing: many programs write it for people, whatever they listen on.
    static func local(in lines: [String]) -> Set<Int> {
        var local: Set<Int> = []
        var open: Set<Int> = []
        for line in lines.prefix(maximumLines) {
            let isLocal = line.hasBytes("127.0.0.1:") && !line.hasBytes("0.0.0.0")
            if isLocal { local.formUnion(all(in: line)) } else { open.formUnion(all(in: line)) }
        }
        return local.subtracting(open)
    }

    /// The ports that one line tells of.
    static func all(in line: String) -> Set<Int> {
        guard line.utf8.count <= maximumLength else { return [] }
        guard let word = words.firstMatch(in: line), !denials.matches(anyIn: line) else { return [] }
        let tail = line.utf8.index(line.startIndex, offsetBy: word.start)
        return Set(numbers(in: line[tail...].lowercased()))
    }

    /// Numbers that stand behind a colon, or behind the word port.
    private static func numbers(in text: String) -> [Int] {
        var ports: [Int] = []
        var isAfterPort = false
        for part in text.split(whereSeparator: { $0.isWhitespace || ",;\"'`()[]=<>".contains($0) }) {
            let tail = part.drop { !$0.isNumber && $0 != ":" }
            if isAfterPort || part.hasPrefix("port:"), let port = number(part.filter(\.isNumber)) { ports.append(port) }
            // `port(s): 8080` is written in three pieces.
            isAfterPort =
                part.hasPrefix("port") && !part.contains { $0.isNumber } || isAfterPort && ["s", ":"].contains(part)
            guard let colon = part.lastIndex(of: ":"), !tail.isEmpty else { continue }
            if let port = number(part[part.index(after: colon)...].prefix(while: \.isNumber)) { ports.append(port) }
        }
        return ports
    }

    private static func number(_ text: some StringProtocol) -> Int? {
        // Two digits and less are minutes and seconds far more often than ports; 80 is the one that matters.
        Int(text).flatMap { $0 == 80 || (100...65_535).contains($0) ? $0 : nil }
    }
}
