// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Diagnosis

@Suite("ConnectionTarget")
struct ConnectionTargetTests {
    @Test(
        "given a setting, then its host and port are read",
        arguments: [
            ("db", "db"), ("db:5432", "db:5432"), ("DB.shop.svc.cluster.local.:80", "db.shop.svc.cluster.local:80"),
            ("postgres://[redacted]@db:5432/app?sslmode=off", "db:5432"), ("jdbc:mysql://db:3306/app", "db:3306"),
            ("jdbc:sqlserver://db", "db"), ("[redacted]@tcp(db:3306)/app", "db:3306"), ("10.0.0.7:80", "10.0.0.7:80"),
            ("http://user@web/path:9", "web"),
        ]
    )
    func settings(value: String, expected: String) {
        #expect(ConnectionTarget(setting: value)?.description == expected)
    }

    @Test(
        "given what is no address, then there is none",
        arguments: ["", "8080", "a b", "-db", "db-", "a..b", "db:0", "db:99999", "a:b:c", "10.0.0.300", "%zz"]
    )
    func noSettings(value: String) {
        #expect(ConnectionTarget(setting: value) == nil)
    }

    @Test(
        "given a line, then the servers that it names are found",
        arguments: [
            ("dial tcp 10.9.8.7:3306: connect: connection refused", ["10.9.8.7:3306"]),
            ("Error: connect ECONNREFUSED 10.9.8.7:5432", ["10.9.8.7:5432"]),
            ("read udp 10.1.1.1:40112->10.96.0.10:53: i/o timeout", ["10.96.0.10:53"]),
            ("UNKNOWN: ipv4:10.9.8.7:99: Failed to connect", ["10.9.8.7:99"]),
            ("UnableToConnect on cache:6380/Interactive, last: NONE", ["cache:6380"]),
            ("I/O error on GET request for \"http://stock:8080/api\": Connection refused", ["stock:8080"]),
            ("connection to server at \"db\" (10.9.8.7), port 5433 failed: Connection refused", ["db:5433"]),
            ("HTTPConnectionPool(host='stock', port=81): Max retries exceeded", ["stock:81"]),
            ("at 12:21:54 main.go:17 wrote file.py:3 and nginx.conf:41", []),
            ("Foo.java:12 sha256:1234 user:7 line:9 Handler:80", []),
        ]
    )
    func lines(line: String, expected: [String]) {
        #expect(ConnectionTarget.all(in: line).map(\.description) == expected)
    }

    @Test(
        "given a line about a name that is not known, then the name is found",
        arguments: [
            ("dial tcp: lookup db.shop on 10.96.0.10:53: no such host", "no such host", "db.shop"),
            ("getaddrinfo ENOTFOUND stock-api", "enotfound", "stock-api"),
            ("java.net.UnknownHostException: orders: Name or service not known", "unknownhostexception", "orders"),
            ("curl: (6) Could not resolve host: stock", "could not resolve host", "stock"),
            ("orders: Name or service not known", "name or service not known", "orders"),
            ("could not translate host name \"pg-main\" to address", "could not translate host name", "pg-main"),
            ("No servers available for service: orders", "no servers available for service", "orders"),
            ("[Errno -2] Name or service not known", "name or service not known", nil),
        ] as [(String, String, String?)]
    )
    func names(line: String, sign: String, expected: String?) throws {
        let match = try #require(PhraseMatcher([sign]).matches(in: line).first)
        #expect(ConnectionTarget.name(in: line, near: match.end) == expected)
    }

    @Test("given lines that nobody has written for reading, then they are gone through in bounded time")
    func hostile() {
        for unit in ["a:1 ", "://", "a->", "port 1 ", "((((", "host='a', port=1 ", "a.b.c:70000:"] {
            let line = String(String(repeating: unit, count: 4096 / unit.count).prefix(4096))
            #expect(ConnectionTarget.all(in: line).count <= 17)
            _ = ConnectionTarget.name(in: line, near: 2048)
        }
    }
}
