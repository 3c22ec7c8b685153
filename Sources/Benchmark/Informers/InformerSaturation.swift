// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import KubeTesting

/// How many events per second an informer can take in: from a source that sends them as fast as they are read.
///
/// A real API server on the same machine would be the slower of the two; this one sends bytes that are ready.
enum InformerSaturation: FigureGroup {
    static let name = "informer-saturation"
    /// Together less than what may wait for a reader of a watch.
    private static let eventCount = 20_000

    static func measure() async throws -> [Figure] {
        let events = Array((0..<eventCount).map(event).joined().utf8)
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
        let list = #"{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":[]}"#
        let refusal = #"{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Invalid","code":422}"#
        let server = try ScriptedHTTPServer { request in
            // As servers do that know no streaming lists.
            if request.target.contains("sendInitialEvents=") { return ScriptedHTTPServer.answer(422, refusal) }
            guard request.target.contains("watch=") else { return ScriptedHTTPServer.untilClose(list).typed() }
            return [.send(head), .sendRepeatedly(events, times: 1), .hold]
        }
        defer { server.stop() }
        let kubeconfig = FileManager.default.temporaryDirectory.path + "/aetherius-benchmark-\(server.port)"
        try Data(configuration(server.url).utf8).write(to: URL(filePath: kubeconfig))
        defer { try? FileManager.default.removeItem(atPath: kubeconfig) }

        var figure = Figure(
            name: name,
            value: try await best(.own, kubeconfig),
            unit: "events/s",
            details: [("events", Double(eventCount)), ("bytesPerEvent", Double(events.count / eventCount))]
        )
        if Subject.hasReference {
            let reference = try await best(.reference, kubeconfig)
            figure.beside = [("client-go", reference)]
            figure.ratio = figure.value / reference
        }
        return [figure]
    }

    private static func best(_ program: Subject.Program, _ kubeconfig: String) async throws -> Double {
        var best = 0.0
        for _ in 0..<3 {
            let rate = try await Subject.run(program, ["follow", kubeconfig, "\(eventCount)"]) { process in
                // From here and not from the first event: a handler that begins late must not look fast.
                _ = try await process.numbers(after: "synced")
                let start = ContinuousClock.now
                _ = try await process.numbers(after: "followed")
                return Double(eventCount) / (start.duration(to: .now) / .seconds(1))
            }
            best = max(best, rate)
        }
        return best
    }

    private static func event(_ index: Int) -> String {
        #"""
        {"type":"ADDED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"settings-\#(index)",\#
        "namespace":"bench","uid":"0b7a1a3e-55e1-4a5c-9f0e-\#(100_000_000_000 + index)",\#
        "resourceVersion":"\#(index + 2)","creationTimestamp":"2026-01-02T03:04:05Z",\#
        "labels":{"app.kubernetes.io/name":"shop","app.kubernetes.io/part-of":"team-\#(index % 37)"},\#
        "annotations":{"description":"Settings \"of\" the shop, part \#(index)"},\#
        "managedFields":[{"manager":"kubectl","operation":"Update","apiVersion":"v1","time":"2026-01-02T03:04:05Z",\#
        "fieldsType":"FieldsV1","fieldsV1":{"f:data":{".":{},"f:written":{},"f:application.properties":{}},\#
        "f:metadata":{"f:annotations":{".":{},"f:description":{}},"f:labels":{".":{},"f:app.kubernetes.io/name":{}}}}}]},\#
        "data":{"written":"9000000000000000000","application.properties":"log.level=info\ncache.size=\#(index)\n"}}}

        """#
    }

    private static func configuration(_ url: String) -> String {
        """
        apiVersion: v1
        kind: Config
        current-context: scripted
        contexts: [{name: scripted, context: {cluster: scripted, user: nobody}}]
        clusters: [{name: scripted, cluster: {server: "\(url)"}}]
        users: [{name: nobody, user: {}}]

        """
    }
}

extension [ScriptedHTTPServer.Step] {
    /// The same, said to be JSON.
    fileprivate func typed() -> Self {
        map { step in
            guard case .send(let text) = step else { return step }
            return .send(text.replacing("200 OK\r\n", with: "200 OK\r\nContent-Type: application/json\r\n"))
        }
    }
}
