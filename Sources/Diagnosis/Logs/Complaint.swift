// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// Something that a container's log complains about now, once for all the lines that say the same.
struct Complaint: Sendable {
    /// Whose log it is.
    var container: ContainerView
    /// What it says.
    var sign: LogSign
    /// The server that the line names.
    var target: ConnectionTarget?
    /// The name that cannot be resolved, or that no server stands behind.
    var name: String?
    /// The server that was asked for the name.
    var nameServer: String?
    /// The kind of server it talks to, as far as the lines around tell.
    var database: DatabaseKind?
    /// The newest line that says it.
    var text: String
    /// Where the line is.
    var source: String
    /// How many lines say it.
    var count: Int
    /// How many lines of words follow it in its log; frames of stack traces are none.
    var linesAfter: Int
    /// Whether the container is in trouble, and not only its log.
    var isInTrouble: Bool

    /// The line as evidence.
    var evidence: EvidenceItem {
        EvidenceItem(
            kind: .log,
            source: count > 1 ? "\(source), \(count) times" : source,
            object: container.pod.reference,
            text: LogLine.shortened(text)
        )
    }

    /// The line for a message: the same for every replica.
    var stableText: String { LogLine.stable(text) }
}

/// The databases and brokers whose clients and servers are told apart.
enum DatabaseKind: String, CaseIterable, Sendable {
    case mysql = "MySQL"
    case postgres = "PostgreSQL"
    case redis = "Redis"
    case mongo = "MongoDB"
    case rabbit = "RabbitMQ"
    case kafka = "Kafka"
    case sqlServer = "SQL Server"
    case oracle = "Oracle"
    case elastic = "Elasticsearch"
    case cassandra = "Cassandra"
    case memcached = "Memcached"
    case etcd = "etcd"

    /// The words by which a line of a client shows what it talks to, without capitals.
    var phrases: [String] {
        switch self {
        case .mysql: ["mysql", "mariadb"]
        case .postgres: ["postgres", "psycopg", "pgx", "npgsql", "pq: ", "org.postgresql", "asyncpg"]
        case .redis: ["redis", "lettuce", "valkey"]
        case .mongo: ["mongo"]
        case .rabbit: ["amqp", "rabbitmq"]
        case .kafka: ["kafka"]
        case .sqlServer: ["sqlserver", "sqlclient", "login failed for user"]
        case .oracle: ["ora-", "oracle.jdbc"]
        case .elastic: ["elasticsearch", "opensearch"]
        case .cassandra: ["cassandra"]
        case .memcached: ["memcached"]
        case .etcd: ["etcdclient", "etcd endpoint"]
        }
    }

    /// The port on which it listens by convention.
    var port: Int {
        switch self {
        case .mysql: 3306
        case .postgres: 5432
        case .redis: 6379
        case .mongo: 27017
        case .rabbit: 5672
        case .kafka: 9092
        case .sqlServer: 1433
        case .oracle: 1521
        case .elastic: 9200
        case .cassandra: 9042
        case .memcached: 11211
        case .etcd: 2379
        }
    }

    /// The words of which images and names of its servers consist.
    private var names: [String] {
        switch self {
        case .mysql: ["mysql", "mariadb", "percona"]
        case .postgres: ["postgres", "postgresql", "spilo", "timescaledb", "postgis", "cnpg"]
        case .redis: ["redis", "valkey", "keydb", "dragonfly"]
        case .mongo: ["mongo", "mongodb"]
        case .rabbit: ["rabbitmq"]
        case .kafka: ["kafka", "redpanda"]
        case .sqlServer: ["mssql"]
        case .oracle: ["oracle", "oracledb"]
        case .elastic: ["elasticsearch", "opensearch"]
        case .cassandra: ["cassandra", "scylla"]
        case .memcached: ["memcached"]
        case .etcd: ["etcd"]
        }
    }

    /// What a container serves, by its image and the port that it declares; nil if it is no server of these.
    static func served(by container: Container) -> DatabaseKind? {
        let image = container.image.prefix { $0 != "@" }.split(separator: "/").last ?? ""
        let name = image.prefix { $0 != ":" }.lowercased()
        let words = Set(name.split { !($0.isLetter || $0.isNumber) }.map(String.init))
        let isHelper = ["exporter", "client", "backup", "operator", "ui", "admin"].contains(where: words.contains)
        return isHelper
            ? nil
            : allCases.first { kind in
                container.ports.contains { $0.number == kind.port } || kind.names.contains(where: words.contains)
            }
    }
}
