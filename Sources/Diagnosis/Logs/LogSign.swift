// SPDX-License-Identifier: Apache-2.0

/// What a line of a log says about a fault, in the words of common programs, drivers and languages.
enum LogSign: Hashable, CaseIterable, Sendable {
    // About a server that the program talks to.
    case credentialsRefused
    case tooManyConnections
    case readOnly
    case memoryLimitReached
    case databaseMissing
    case nameUnresolvable
    case nameServerSilent
    case connectionRefused
    case connectionTimeout
    case connectionFailed
    case noUpstream
    case certificateExpired
    case certificateUntrusted
    case certificateWrongName
    case accessForbidden
    case apiNotServed
    // About the program itself.
    case storageFull
    case formatUnknown
    case heapExhausted
    case portInUse
    case fileMissing
    case permissionDenied
    case configurationInvalid
    case migrationFailed
    // The opposite of a fault.
    case connected

    /// Whether it is about reaching a server.
    var isAboutConnecting: Bool {
        switch self {
        case .connectionRefused, .connectionTimeout, .connectionFailed: true
        default: false
        }
    }

    /// Whether it is about something outside of the program.
    var isAboutDependency: Bool {
        switch self {
        case .credentialsRefused, .tooManyConnections, .readOnly, .memoryLimitReached, .databaseMissing,
            .nameUnresolvable, .nameServerSilent, .connectionRefused, .connectionTimeout, .connectionFailed,
            .noUpstream, .certificateExpired, .certificateUntrusted, .certificateWrongName, .accessForbidden,
            .apiNotServed:
            true
        default: false
        }
    }
}

extension LogSign {
    /// The words that say it on their own, without capitals.
    var certainPhrases: [String] {
        switch self {
        case .credentialsRefused:
            [
                "access denied for user", "password authentication failed", "authentication failed", "auth failed",
                "noauth authentication required", "wrongpass", "invalid username-password pair",
                "err invalid password", "login failed for user", "ora-01017", "login was refused",
                "sasl authentication failed", "sasl authentication error", "bad auth", "unable to authenticate user",
                "no pg_hba.conf entry", "er_access_denied_error", "invalid credentials for database",
                "client sent an invalid username",
                // Whoever is let in may still not do what it wants.
                "noperm ", "has no permissions to run the '", "has no permissions to access",
                "is not allowed to connect to this m", "command denied to user '",
                "permission denied for table", "permission denied for schema", "permission denied for relation",
                "permission denied for database", "permission denied for sequence",
                "access_refused - access to ", "not authorized to access topics", "not authorized to access group",
                "topic authorization failed", "group authorization failed",
                "[bad credentials]", "and/or password are incorrect", "code=2100 [unauthorized]",
                "sqlstate 28000", "sqlstate[28000]", "code: '28000'", "invalidauthorizationspecification",
                "invalidaccesskeyid", "signaturedoesnotmatch", "invalidclienttokenid",
            ]
        case .memoryLimitReached:
            ["oom command not allowed when used memory"]
        case .tooManyConnections:
            [
                "too many connections", "too many clients already", "remaining connection slots are reserved",
                "max number of clients reached", "er_con_count_error", "too many open connections",
                "max_user_connections", "max_connections exceeded", "connection limit exceeded", "ora-00018",
                "ora-12516", "ora-12519", "ora-12520", "too many connections for role",
            ]
        case .readOnly:
            [
                "--read-only option", "--super-read-only option", "read-only option so it cannot execute",
                "in a read-only transaction", "against a read only replica", "against a read only slave",
                "node is not primary", "not primary while", "notwritableprimary", "not master and slaveok",
                "database is read-only", "database is read only", "database is in read-only mode",
                "database is in read only mode",
                "er_option_prevents_statement", "read_only_allow_delete", "read-only-allow-delete", "index read-only",
                "cannot execute insert in a read", "database system is in recovery", "readonly you can't write",
            ]
        case .databaseMissing:
            [
                "unknown database '", "er_bad_db_error", "invalidcatalogname", "cannot open database \"",
                "sqlstate 3d000", "code: '3d000'", "3d000: database", "nodatabaseerror",
            ]
        case .nameUnresolvable:
            [
                "no such host", "name or service not known", "temporary failure in name resolution", "enotfound",
                "eai_again", "unknownhostexception", "could not resolve host", "couldn't resolve host",
                "nodename nor servname", "name does not resolve", "could not translate host name",
                "unknown mysql server host", "unknown server host", "host not found in upstream", "nxdomain",
                "failed to resolve", "failed to lookup address", "getaddrinfo failed", "getaddrinfo: ",
                "no address associated with hostname", "name resolution failure", "name resolution failed",
                "domain name not found", "dns resolution failed", "could not be resolved", "bad address '",
                "unable to resolve host", "name not resolved", "unknown host", "servfail",
            ]
        case .nameServerSilent:
            // Loggers cut long lines off, and this one stands at the end of long ones.
            [
                "server misbehaving", ":53: i/o time", ":53: connection refused", ":53: read: connection refused",
                "no servers could be reached", "timeout while contacting dns servers", "resolver timed out",
                "dns lookup timed out", "dns query timed out", "operation timed out; no servers",
            ]
        case .connectionRefused:
            ["connection refused", "econnrefused", "actively refused", "connectrefused"]
        case .connectionTimeout:
            [
                "i/o timeout", "etimedout", "connection timed out", "connect timed out", "connecttimeoutexception",
                "connection timeout", "connect timeout", "no route to host", "ehostunreach", "network is unreachable",
                "timed out trying to connect",
            ]
        case .connectionFailed:
            [
                "unabletoconnect", "could not connect to", "can't connect to", "cannot connect to",
                "unable to connect to", "failed to connect to", "communications link failure",
                "connection to server at", "nobrokersavailable", "no brokers available", "all broker connections down",
                "amqpconnectionerror", "serverselectiontimeouterror", "mongoserverselectionerror",
                "server selection timeout", "cannot open connection", "could not establish connection",
                "no reachable servers",
            ]
        case .noUpstream:
            [
                "no servers available for service", "no instances available for", "unable to find instance for",
                "no healthy upstream", "no live upstreams", "load balancer does not have available server for client",
                "no available server",
            ]
        case .certificateExpired:
            [
                "certificate has expired", "cert_has_expired", "certificate expired", "certificateexpiredexception",
                "certificate is not yet valid", "certificatenotyetvalidexception", "invalidcertificate(expired",
                "certificate verify failed: certificate has expired",
            ]
        case .certificateUntrusted:
            [
                "certificate signed by unknown authority", "self-signed certificate", "self signed certificate",
                "unable to get local issuer certificate", "unable to verify the first certificate",
                "unable_to_verify_leaf_signature", "depth_zero_self_signed_cert", "pkix path building failed",
                "unable to find valid certification path", "unknownissuer", "untrustedroot", "unknown ca",
                "remotecertificatechainerrors",
            ]
        case .certificateWrongName:
            [
                "certificate is valid for", "err_tls_cert_altname_invalid", "does not match certificate's altnames",
                "no subject alternative", "notvalidforname", "certificate is not valid for",
                "remotecertificatenamemismatch", "doesn't contain any ip sans", "hostname mismatch",
                "hostname was not verified",
            ]
        case .accessForbidden:
            ["is forbidden: user \"system:serviceaccount:"]
        case .apiNotServed:
            ["no matches for kind ", "the server could not find the requested resource"]
        default: ownPhrases
        }
    }

    /// The words about the program itself.
    private var ownPhrases: [String] {
        switch self {
        case .storageFull:
            [
                "no space left on device", "enospc", "not enough space on the disk", "disk quota exceeded",
                "disk is full", "disk full", "no space left on disk", "out of disk space",
            ]
        case .formatUnknown: ["exec format error", "cannot execute binary file"]
        case .heapExhausted:
            [
                "java.lang.outofmemoryerror", "heap out of memory", "std::bad_alloc", "system.outofmemoryexception",
                "runtime: out of memory", "allowed memory size of", "memoryerror", "failed to allocate memory",
                "cannot allocate memory", "memory allocation of",
            ]
        case .portInUse:
            [
                "address already in use", "eaddrinuse", "address in use", "was already in use",
                "port is already allocated", "only one usage of each socket address", "addrinuse",
            ]
        case .fileMissing:
            [
                "no such file or directory", "enoent", "filenotfounderror", "filenotfoundexception",
                "cannot find module", "modulenotfounderror", "no module named", "could not find or load main class",
                "unable to access jarfile", "cannot open shared object file", "cannot load such file",
                "failed opening required", "cannot find the file", "noclassdeffounderror", "classnotfoundexception",
                "nosuchfileexception", "could not find file '", "can't open file", "module not found \"",
                "there is no package called", " in @inc (",
            ]
        case .permissionDenied:
            ["permission denied", "eacces", "operation not permitted", "accessdeniedexception"]
        case .configurationInvalid:
            [
                "unknown flag", "unknown shorthand flag", "flag provided but not defined", "unrecognized option",
                "unrecognized argument", "unknown option", "invalid option", "illegal option", "unknown command",
                "yaml: line", "yaml: unmarshal", "parsererror", "scannererror", "failed to parse config",
                "error parsing config", "invalid config", "fatal config file error", "unknown directive", "[emerg]",
                "unrecognized configuration parameter", "unknown variable '", "failed to load config",
                "failed to bind properties", "environment variable is required", "required environment variable",
                "missing required environment", "missing environment variable", "environment variable not set",
                "is not set in the environment", "could not resolve placeholder", "missing required",
                "required key", "invalid value for", "bad configuration", "configuration error",
                "improperlyconfigured", "error loading config", "invalid character '",
                "required value was not present", "missing required configuration", "must be provided via",
                "failed to configure a datasource", "failed to get config", "cannot unmarshal the configuration",
                "failed to decode configuration", "error initializing config", "has unknown fields",
                "unrecognized vm option", "unknown keyword '", " : parsing [", "syntax error on line",
                "password is not specified", "password option is not specified", "declare it as envvar",
            ]
        case .migrationFailed:
            [
                "lock wait timeout exceeded", "could not acquire change log lock", "waiting for changelog lock",
                "flywayexception", "flywayvalidateexception", "liquibaseexception", "migration failed",
                "dirty database version", "failed to apply migration", "migration checksum mismatch",
                "validate failed: migrations", "migrationfailed", "error running migrations",
                "failed to run migrations", "could not run migrations", "unappliedmigrations",
                "pending migrations", "pendingmigrationerror",
            ]
        case .connected:
            [
                "connected to", "reconnected", "connection established", "connection restored",
                "successfully connected", "connection is back",
            ]
        default: []
        }
    }
}
