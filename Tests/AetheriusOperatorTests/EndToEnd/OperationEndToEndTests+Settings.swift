// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import KubeTesting
import Testing

extension OperationEndToEndTests {
    @Test("given a level for the log and a limit for requests, then the process keeps to both")
    func processSettings() async throws {
        let cluster = try await Self.cluster.value
        let program = RunningOperator.launch(
            on: cluster,
            identity: "limited",
            "--log-level",
            "debug",
            "--kube-api-qps",
            "1",
            "--kube-api-burst",
            "1"
        )
        let health = try await program.address(of: "health")
        #expect(try await HTTPAnswer.of("\(health)/log-level").body == "debug\n")
        let began = try await time(of: "starting", program)
        let synced = try await time(of: "all informers have synced", program)
        // Four kinds at least are listed, and only the first request goes at once.
        #expect(synced.since(began) >= .seconds(2.9))
        program.terminate()
        _ = try await program.ending()
    }

    /// When the process wrote a message.
    private func time(of message: String, _ program: ProgramUnderTest) async throws -> Timestamp {
        let line = try #require(await program.errorLine(containing: "\"message\":\"\(message)\""))
        let log = try JSON.decode(JSONValue.self, from: Array(line.utf8))
        return try #require(log["time"]?.stringValue.flatMap { Timestamp($0) })
    }
}
