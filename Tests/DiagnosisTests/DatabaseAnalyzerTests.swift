// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import Testing

@testable import Diagnosis

@Suite("DatabaseAnalyzer")
struct DatabaseAnalyzerTests {
    @Test(
        "given a client that crashes because a database refuses its credentials, then the client has to be corrected",
        arguments: [
            "psycopg2.OperationalError: FATAL:  password authentication failed for user \"app\"",
            "Error 1045 (28000): Access denied for user 'app'@'10.0.0.9' (using password: YES)",
            "redis.exceptions.AuthenticationError: WRONGPASS invalid username-password pair or user is disabled.",
            "MongoServerError: bad auth : authentication failed",
            "Login failed for user 'app'. Microsoft.Data.SqlClient",
            "ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN (amqp)",
        ]
    )
    func credentials(line: String) throws {
        var cluster = Fixture()
        try cluster.program("orders", crashes: true, log: ["starting", line])
        let cause = try #require(cluster.conclusion.rootCause)
        #expect(cause.causeClass == .databaseCredentialsInvalid)
        #expect(cause.object.description == "Deployment/shop/orders")
        #expect(cause.confidence >= 0.9)
    }

    @Test("given a server that logs whom it refuses, or a program that refuses its own users, then nothing is wrong")
    func refusedByDesign() throws {
        var cluster = Fixture()
        try cluster.program(
            "db",
            image: "mysql:8",
            port: 3306,
            log: [
                "[Note] Access denied for user 'root'@'localhost'", "[Note] Access denied for user 'root'@'localhost'",
            ]
        )
        try cluster.program(
            "login",
            log: ["WARN authentication failed for alice", "WARN authentication failed for bob"]
        )
        #expect(cluster.findings(of: DatabaseAnalyzer()).isEmpty)
    }

    @Test("given a database that says itself that it takes no more connections, then it is the database")
    func exhaustedByItself() throws {
        var cluster = Fixture()
        try cluster.program("orders", crashes: true, log: ["FATAL: sorry, too many clients already"])
        try cluster.program(
            "pg",
            image: "docker.io/bitnami/postgresql:16@sha256:0",
            port: 5432,
            log: ["FATAL:  sorry, too many clients already", "FATAL:  sorry, too many clients already"]
        )
        let cause = try #require(cluster.conclusion.rootCause)
        #expect(cause.causeClass == .databaseConnectionsExhausted)
        #expect(cause.object.description == "Deployment/shop/pg")
    }

    @Test(
        "given only a client's word, then it is the database behind the Service that it names, or the only one there is"
    )
    func exhaustedByWord() throws {
        var named = Fixture()
        try named.program("orders", crashes: true, log: ["dial cache:6379: ERR max number of clients reached"])
        try named.program("store", image: "redis:7", port: 6379)
        try named.program("other", image: "redis:7", port: 6379)
        try named.service("cache", port: 6379, selecting: "store")
        #expect(named.conclusion.rootCause?.object.description == "Deployment/shop/store")

        var only = Fixture()
        try only.program("orders", crashes: true, log: ["java.sql.SQLException: Too many connections (mysql)"])
        try only.program("db", image: "mariadb:11", port: 3306)
        #expect(only.conclusion.rootCause?.object.description == "Deployment/shop/db")
    }

    @Test("given two databases and nothing that tells which one is meant, then none is blamed")
    func exhaustedByNobody() throws {
        var cluster = Fixture()
        try cluster.program("orders", crashes: true, log: ["SQLException: Too many connections (mysql)"])
        try cluster.program("one", image: "mysql:8", port: 3306)
        try cluster.program("two", image: "mysql:8", port: 3306)
        let findings = cluster.findings(of: DatabaseAnalyzer())
        #expect(findings.allSatisfy { $0.confidence < 0.5 })
    }

    @Test(
        "given a client that runs and whose writes are refused, then it is the database",
        arguments: [
            ("mysql:8", 3306, "The MySQL server is running with the --read-only option so it cannot execute this"),
            ("postgres:16", 5432, "ERROR: cannot execute INSERT in a read-only transaction"),
            ("redis:7", 6379, "READONLY You can't write against a read only replica."),
            ("mongo:7", 27017, "MongoServerError: NotWritablePrimary: not primary"),
        ]
    )
    func readOnly(image: String, port: Int, line: String) throws {
        var cluster = Fixture()
        try cluster.program("orders", log: [line, line])
        try cluster.program("db", image: image, port: port)
        let cause = try #require(cluster.conclusion.rootCause)
        #expect(cause.causeClass == .databaseReadOnly)
        #expect(cause.object.description == "Deployment/shop/db")
    }

    @Test("given a client that names a database which the server does not have, then the client has to be corrected")
    func databaseMissing() throws {
        var cluster = Fixture()
        try cluster.program("orders", crashes: true, log: ["Error 1049: Unknown database 'ordres'"])
        #expect(cluster.conclusion.rootCause?.causeClass == .databaseNotFound)
    }

    @Test("given an image that only has the name of a database in it, then it is no server of it")
    func helpers() {
        for image in ["prom/mysqld-exporter", "redis-exporter:1", "shop/my-client", "oliver006/redis_exporter"] {
            #expect(DatabaseKind.served(by: Container(name: "x", image: image)) == nil)
        }
        #expect(DatabaseKind.served(by: Container(name: "x", image: "host:5000/a/percona:5.7.34")) == .mysql)
    }
}
