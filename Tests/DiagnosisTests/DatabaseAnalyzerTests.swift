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

    @Test(
        "given PostgreSQL's refusal of a login for a database that it does not have, then the client names a wrong one",
        arguments: [
            #"psycopg2.OperationalError: connection to server at "pg" (10.0.0.1), port 5432 failed: FATAL:  database "a" does not exist"#,
            #"FATAL: database "a" does not exist (SQLSTATE 3D000)"#,
            #"pq: database "a" does not exist"#,
            #"error returned from database: database "a" does not exist"#,
            #"panic: FATAL: database \"a\" does not exist"#,
            "  code: '3D000',",
        ]
    )
    func postgresDatabaseMissing(line: String) throws {
        var cluster = Fixture()
        try cluster.program("orders", crashes: true, log: ["starting", line])
        let cause = try #require(cluster.conclusion.rootCause)
        #expect(cause.causeClass == .databaseNotFound)
        #expect(cause.object.description == "Deployment/shop/orders")
    }

    @Test(
        "given a statement about a table or a role that is not there, or a file that is none, then no login was refused",
        arguments: [
            #"ERROR:  relation "orders" does not exist at character 15"#,
            #"psycopg2.errors.UndefinedTable: relation "orders" does not exist"#,
            #"ERROR:  role "reporting" does not exist"#,
            #"FATAL:  database "a" is not currently accepting connections"#,
            #"FATAL:  database files are incompatible with server"#,
        ]
    )
    func postgresStatements(line: String) throws {
        var cluster = Fixture()
        try cluster.program("orders", crashes: true, log: ["starting", line])
        #expect(cluster.findings(of: DatabaseAnalyzer()).isEmpty)
        #expect(cluster.conclusion.rootCause?.causeClass == .applicationCrash)
    }

    @Test("given a server that logs the mistakes of people, then nothing is wrong")
    func postgresNoise() throws {
        var cluster = Fixture()
        let lines = [
            #"FATAL:  password authentication failed for user "dba""#, #"FATAL:  database "shopp" does not exist"#,
            #"FATAL:  role "root" does not exist"#, "ERROR:  permission denied for table orders",
        ]
        try cluster.program("pg", image: "postgres:16", port: 5432, log: lines + lines)
        #expect(cluster.findings(of: DatabaseAnalyzer()).isEmpty)
    }

    @Test(
        "given a server that lets a client in, or nearly, and refuses it what it wants, then its user has to be corrected",
        arguments: [
            (#"FATAL:  role "a" does not exist"#, "PostgreSQL"),
            (#"FATAL: role "a" is not permitted to log in (SQLSTATE 28000)"#, "PostgreSQL"),
            ("ERROR: permission denied for table orders (SQLSTATE 42501)", "PostgreSQL"),
            ("Error 1130: Host '10.0.0.9' is not allowed to connect to this MySQL server", "MySQL"),
            ("Error 1142 (42000): SELECT command denied to user 'a'@'10.0.0.9' for table 'orders'", "MySQL"),
            (#"not authorized on geo-db to execute command { count: "geo", $db: "geo-db" }"#, "MongoDB"),
            ("MongoServerError: Command find requires authentication", "MongoDB"),
            ("NoPermissionError: User worker has no permissions to run the 'xreadgroup' command", "Redis"),
            ("NOPERM this user has no permissions to access one of the keys", "Redis"),
            (#"(530) "NOT_ALLOWED - access to vhost 'orders' refused for user 'worker'""#, "RabbitMQ"),
            ("TopicAuthorizationException: Not authorized to access topics: [orders]", "Kafka"),
            ("Error from server: code=0100 [Bad credentials] message=\"…\"", "Cassandra"),
        ]
    )
    func rights(line: String, server: String) throws {
        for crashes in [true, false] {
            var cluster = Fixture()
            try cluster.program("orders", crashes: crashes, ready: false, log: ["starting", line])
            let cause = try #require(cluster.conclusion.rootCause)
            #expect(cause.causeClass == .databaseCredentialsInvalid)
            #expect(cause.message.contains(server))
        }
    }

    @Test("given a program that does well and refuses its own users, then nothing is wrong with its databases")
    func ownUsers() throws {
        var cluster = Fixture()
        let lines = [
            "WARN user 8812 login failed: invalid credentials", "ERROR 403: not authorized to view order 12",
            "ERROR permission denied for user 99 on report", "ERROR not authorized on project 7",
            "WARN this endpoint requires authentication", "BadCredentialsException: Bad credentials",
            "guest is not permitted to log in", "ExpiredToken: sign in again",
        ]
        try cluster.program("orders", log: lines + lines)
        #expect(cluster.findings(of: DatabaseAnalyzer()).isEmpty)
        var failing = Fixture()
        try failing.program("orders", crashes: true, log: Array(lines[3...4]) + ["ExpiredToken: sign in again"])
        #expect(failing.findings(of: DatabaseAnalyzer()).isEmpty)
    }

    @Test(
        "given an object store that refuses an access key, then it is no database, whatever the lines around speak of",
        arguments: [
            "ClientError: An error occurred (InvalidAccessKeyId) when calling the PutObject operation",
            "SignatureDoesNotMatch: The request signature we calculated does not match",
            "api error ExpiredToken: The security token included in the request is expired",
        ]
    )
    func cloud(line: String) throws {
        var cluster = Fixture()
        try cluster.program("backup", crashes: true, log: ["dumping postgres", line])
        let cause = try #require(cluster.conclusion.rootCause)
        #expect(cause.causeClass == .credentialsRefused)
        var running = Fixture()
        try running.program("backup", log: [line, line])
        #expect(running.findings(of: DatabaseAnalyzer()).isEmpty)
    }

    @Test(
        "given an index that is blocked because disks are full, then the database takes no writes; not one that people closed"
    )
    func floodStage() throws {
        for (block, count) in [
            (
                "TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, index has read-only-allow-delete block",
                1
            ),
            ("FORBIDDEN/8/index write (api)", 0),
        ] {
            var cluster = Fixture()
            let line = "400 - cluster_block_exception: index [logs] blocked by: [\(block)]"
            try cluster.program("fluentd", log: [line, line])
            try cluster.program("es", image: "elasticsearch:8.12.0", port: 9200)
            let findings = cluster.findings(of: DatabaseAnalyzer())
            #expect(findings.count == count)
            #expect(findings.allSatisfy { $0.causeClass == .databaseReadOnly && $0.owner.name == "es" })
        }
    }

    @Test("given a client that Redis refuses a write for want of memory, then it is the Redis that it talks to")
    func memoryLimit() throws {
        var cluster = Fixture()
        let line = "RedisServerException: OOM command not allowed when used memory > 'maxmemory'."
        try cluster.program("cart", log: [line, line])
        try cluster.program("valkey", image: "valkey:8", port: 6379)
        let cause = try #require(cluster.conclusion.rootCause)
        #expect(cause.causeClass == .databaseMemoryExhausted)
        #expect(cause.object.description == "Deployment/shop/valkey")

        var killed = Fixture()
        try killed.program("cart", log: ["OOM killer was here", "OOM killer was here"])
        try killed.program("valkey", image: "valkey:8", port: 6379)
        #expect(killed.findings(of: DatabaseAnalyzer()).isEmpty)
    }
}
