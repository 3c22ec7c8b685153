// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Diagnosis

@Suite("ListeningPort and StartTime")
struct ListeningPortTests {
    @Test(
        "given what servers say when they start, then their ports are read",
        arguments: [
            ("Tomcat started on port(s): 18888 (http) with context path ''", [18_888]),
            ("[INFO] Listening at: http://0.0.0.0:8000 (1)", [8000]),
            (#"time="2024-05-01T10:20:30Z" level=info msg="listening on :9090""#, [9090]),
            ("Server running on port 3000", [3000]), ("server started, port=7070", [7070]),
            ("Ready to accept connections tcp at 0.0.0.0:6379", [6379]),
        ]
    )
    func ports(line: String, expected: [Int]) {
        #expect(ListeningPort.all(in: line).sorted() == expected)
    }

    @Test(
        "given lines about something else, then they have no ports",
        arguments: [
            "error: cannot bind, listening on 0.0.0.0:8080 failed", "GET http://cart:8080/ 200",
            "10:20:30 listening for events", "address already in use: listening on :8080", "",
        ]
    )
    func others(line: String) {
        #expect(ListeningPort.all(in: line).isEmpty)
    }

    @Test(
        "given how long a start took, then it is read in seconds",
        arguments: [
            ("Started GatewayApplication in 36.077 seconds (JVM running for 39.868)", 37), ("started in 1500 ms", 2),
        ]
    )
    func startTime(line: String, expected: Int) {
        #expect(StartTime.seconds(in: line) == expected)
    }

    @Test(
        "given other numbers, then they are no start",
        arguments: ["started 3 workers in 2 pools", "in 5 seconds", "started in"]
    )
    func noStartTime(line: String) {
        #expect(StartTime.seconds(in: line) == nil)
    }
}
