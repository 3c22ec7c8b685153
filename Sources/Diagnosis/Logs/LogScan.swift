// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// Goes through the logs of one container and collects what they complain about.
///
/// Of each log the last 5000 lines are looked at, and of each line the first 4096 bytes. The time is linear in these.
struct LogScan {
    /// The most lines of one log.
    static let maximumLines = 5000
    /// The most complaints of one log that are kept, the newest ones.
    static let maximumComplaints = 20
    /// For how long before the end of a log a container that does well may have complained.
    private static let recent = Duration.seconds(900)

    private struct Finding {
        var sign: LogSign
        var target: ConnectionTarget?
        var name: String?
        var nameServer: String?
        var database: DatabaseKind?
        var line: Int
        /// Whether the program says that the line is no trouble, as one that tells what its users did wrong.
        var isInformative: Bool
    }

    private struct Key: Hashable {
        var sign: LogSign
        var target: ConnectionTarget?
        var name: String?
        var nameServer: String?
    }

    private enum Phrase {
        case sign(LogSign)
        case database(DatabaseKind)
    }

    private static let phrases: [(words: String, meaning: Phrase)] =
        LogSign.allCases.flatMap { sign in sign.phrases.map { ($0, .sign(sign)) } }
        + DatabaseKind.allCases.flatMap { kind in kind.phrases.map { ($0, .database(kind)) } }
    private static let matcher = PhraseMatcher(phrases.map(\.words))
    /// What tells most comes first: a line often has a general word beside a special one.
    private static let rank: [LogSign: Int] = Dictionary(
        uniqueKeysWithValues: LogSign.allCases.enumerated().map { ($1, $0) }
    )

    private var texts: [String] = []
    private var times: [LogTime?] = []
    /// How many lines up to each one are no frames of stack traces.
    private var wordCounts: [Int] = []
    private var databases: [(line: Int, kind: DatabaseKind)] = []
    private var findings: [Finding] = []
    private var connections: [Int] = []

    /// What the logs of a container complain about now.
    static func complaints(of container: ContainerView, in logs: [ContainerLog], takenAt: Timestamp) -> [Complaint] {
        let hasFailed = container.currentTermination != nil || container.isBackingOff
        let isInTrouble = hasFailed || !container.status.isReady
        var complaints: [Complaint] = []
        for log in logs.sorted(by: { $0.isPrevious && !$1.isPrevious }) {
            // What a run before the present one said counts only if that run's end still is the trouble.
            guard !log.isPrevious || hasFailed || (isInTrouble && container.status.restartCount > 0) else { continue }
            var scan = LogScan()
            for line in log.lines.suffix(maximumLines) { scan.add(line) }
            let found = scan.complaints(container, log, isInTrouble, takenAt)
            for complaint in found { merge(complaint, into: &complaints) }
        }
        return complaints
    }

    /// What a single line says.
    static func sign(of line: String) -> LogSign? {
        var scan = LogScan()
        scan.add(line)
        return scan.findings.first?.sign
    }

    /// Two runs that say the same are one complaint, in the words of the newer one.
    private static func merge(_ complaint: Complaint, into complaints: inout [Complaint]) {
        var complaint = complaint
        if let index = complaints.firstIndex(where: { key(of: $0) == key(of: complaint) }) {
            complaint.count += complaints[index].count
            complaint.database = complaint.database ?? complaints[index].database
            complaints.remove(at: index)
        }
        complaints.append(complaint)
    }

    private static func key(of complaint: Complaint) -> Key {
        Key(
            sign: complaint.sign,
            target: complaint.target,
            name: complaint.name,
            nameServer: complaint.nameServer
        )
    }

    private mutating func add(_ line: String) {
        let entry = LogEntry(line)
        let index = texts.count
        texts.append(entry.text)
        // The lines of a stack trace have no times of their own.
        times.append(entry.time ?? times.last ?? nil)
        let isFrame = entry.text.isEmpty || LogLine.isFrame(entry.text)
        wordCounts.append((wordCounts.last ?? 0) + (isFrame ? 0 : 1))
        let matches = Self.matcher.matches(in: entry.text)
        guard !matches.isEmpty, !LogLine.isHarmless(entry.text) else { return }
        var best: (sign: LogSign, end: Int)?
        for match in matches {
            switch Self.phrases[match.phrase].meaning {
            case .database(let kind):
                if databases.last?.line != index { databases.append((index, kind)) }
            case .sign(let sign):
                guard Self.beginsWord(match, in: entry.text) else { continue }
                if best.map({ Self.rank[sign, default: 0] < Self.rank[$0.sign, default: 0] }) ?? true {
                    best = (sign, match.end)
                }
            }
        }
        // The names of classes and methods in a trace are no words about this run.
        guard let best, !isFrame else { return }
        if best.sign == .connected {
            if !Self.noConnection.matches(anyIn: entry.text) { noteConnection(index) }
        } else {
            findings.append(finding(best.sign, entry, end: best.end, line: index))
        }
    }

    /// "ModuleNotFoundError" says nothing about ENOTFOUND.
    private static func beginsWord(_ match: PhraseMatcher.Match, in text: String) -> Bool {
        let bytes = text.utf8
        let length = phrases[match.phrase].words.utf8.count
        guard match.end > length, phrases[match.phrase].words.utf8.first.map(isLetter) ?? false else { return true }
        return !isLetter(bytes[bytes.index(bytes.startIndex, offsetBy: match.end - length - 1)])
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    private static let noConnection = PhraseMatcher(["not ", "fail", "unable", "cannot", "error", "disconnect"])

    private mutating func noteConnection(_ line: Int) {
        if connections.count >= 100 { connections.removeFirst() }
        connections.append(line)
    }

    private func finding(_ sign: LogSign, _ entry: LogEntry, end: Int, line: Int) -> Finding {
        var finding = Finding(sign: sign, line: line, isInformative: entry.level == .informative)
        guard sign.isAboutDependency else { return finding }
        let text = entry.text
        let targets = ConnectionTarget.all(in: text)
        switch sign {
        case .nameUnresolvable, .nameServerSilent, .noUpstream:
            finding.nameServer = targets.last { $0.port == 53 }?.host
            finding.name =
                ConnectionTarget.name(in: text, near: end)
                ?? targets.first { $0.port != 53 && !$0.isAddress }?.host
        default:
            finding.target = targets.last { !$0.isLocal && $0.port != 53 } ?? targets.last
        }
        return finding
    }

    private func complaints(
        _ container: ContainerView,
        _ log: ContainerLog,
        _ isInTrouble: Bool,
        _ takenAt: Timestamp
    ) -> [Complaint] {
        var groups: [Key: [Finding]] = [:]
        for finding in findings where isInTrouble || !finding.isInformative {
            var finding = finding
            // The pod itself is nobody else's fault, and a sidecar that starts is not there yet.
            if let target = finding.target, target.isLocal { continue }
            finding.database = database(around: finding.line)
            let key = Key(
                sign: finding.sign,
                target: finding.target,
                name: finding.name,
                nameServer: finding.nameServer
            )
            groups[key, default: []].append(finding)
        }
        let kept = groups.values.filter { group in
            let last = group[group.count - 1]
            return !isOvercome(last) && (isInTrouble || isPresent(group, takenAt))
        }
        let newest = kept.sorted { $0[$0.count - 1].line < $1[$1.count - 1].line }.suffix(Self.maximumComplaints)
        return newest.map { group in
            let last = group[group.count - 1]
            return Complaint(
                container: container,
                sign: last.sign,
                target: last.target,
                name: last.name,
                nameServer: last.nameServer,
                database: group.lazy.compactMap(\.database).first,
                text: texts[last.line],
                source: "log of container \(log.container)\(log.isPrevious ? ", previous run" : "")",
                count: group.count,
                linesAfter: wordCounts[wordCounts.count - 1] - wordCounts[last.line],
                isInTrouble: isInTrouble
            )
        }
    }

    /// The kind of database that the line, or the nearest lines around it, speak of.
    private func database(around line: Int) -> DatabaseKind? {
        var low = 0
        var high = databases.count
        while low < high {
            let middle = (low + high) / 2
            if databases[middle].line < line { low = middle + 1 } else { high = middle }
        }
        let after = low < databases.count ? databases[low] : nil
        let before = low > 0 ? databases[low - 1] : nil
        if let after, after.line - line <= 12, after.line == line || before == nil { return after.kind }
        if let before, line - before.line <= 40 { return before.kind }
        return after.flatMap { $0.line - line <= 12 ? $0.kind : nil }
    }

    /// Whether the program has told since that it is connected, to this server or to one that it does not name.
    private func isOvercome(_ finding: Finding) -> Bool {
        guard finding.sign.isAboutConnecting || finding.sign == .nameUnresolvable || finding.sign == .nameServerSilent
        else { return false }
        return connections.contains { line in
            guard line > finding.line else { return false }
            guard let host = ConnectionTarget.all(in: texts[line]).first?.host else { return true }
            return host == finding.target?.host ?? finding.name ?? host
        }
    }

    /// Whether a container that does well still has a complaint: it repeats it, and not long ago.
    private func isPresent(_ group: [Finding], _ takenAt: Timestamp) -> Bool {
        let last = group[group.count - 1].line
        let isAtEnd = last >= texts.count - 5
        // Programs also log the wrong passwords of their own users; what speaks of a database is about their own.
        if group[0].sign == .credentialsRefused, group.count == 1, group[0].database == nil { return false }
        guard group.count > 1 || isAtEnd, texts.count - last <= max(20, texts.count / 2) else { return false }
        guard let time = times[last] else { return true }
        if let newest = times.last ?? nil, newest.moment.since(time.moment) > Self.recent { return false }
        return !time.hasZone || takenAt.since(time.moment) <= Self.recent
    }
}

extension Snapshot {
    /// What the logs of the containers complain about now, those of neighbours among them.
    ///
    /// The logs are gone through once.
    var complaints: [Complaint] { index.complaints(makeComplaints) }

    /// Goes through the logs now, on as many processors as there are.
    ///
    /// Without it the first analyzer that asks for what they say does so on one.
    public func scanLogs() async {
        guard !logs.isEmpty else { return }
        let pods = allPods
        let size = max(1, pods.count / 8)
        let parts = await withTaskGroup(of: (start: Int, complaints: [Complaint]).self) { group in
            for start in stride(from: 0, to: pods.count, by: size) {
                let part = pods[start..<min(start + size, pods.count)]
                group.addTask { (start, self.complaints(of: part)) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        _ = index.complaints { parts.sorted { $0.start < $1.start }.flatMap(\.complaints) }
    }

    private func makeComplaints() -> [Complaint] { logs.isEmpty ? [] : complaints(of: allPods[...]) }

    private func complaints(of pods: ArraySlice<Pod>) -> [Complaint] {
        pods.flatMap { pod in
            // What was amiss then is over.
            guard !JobAttempts.isHistory(pod, in: self) else { return [Complaint]() }
            return ContainerView.all(of: pod, takenAt: takenAt).flatMap { container in
                LogScan.complaints(
                    of: container,
                    in: logs(of: container.status.name, in: pod),
                    takenAt: takenAt
                )
            }
        }
    }

    /// Those of the pods that the question is about.
    var ownComplaints: [Complaint] {
        guard !neighbourPods.isEmpty else { return complaints }
        let own = Set(pods.map { ObjectKey(kind: Pod.apiResource.kind, $0.metadata) })
        return complaints.filter { own.contains(ObjectKey(kind: Pod.apiResource.kind, $0.container.pod.metadata)) }
    }
}
