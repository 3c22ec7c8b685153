// SPDX-License-Identifier: Apache-2.0
import KubeTesting
import Redaction
import Testing

@Suite("Redaction")
struct RedactionTests {
    private static let samples: [(text: String, expected: String)] = [
        ("password=hunter2 user=bob", "password=[redacted] user=bob"),
        (#"{"apiKey": "abc123", "n": 1}"#, #"{"apiKey": "[redacted]", "n": 1}"#),
        ("Authorization: Bearer abc.def.ghi", "Authorization: Bearer [redacted]"),
        ("login with --token s3cr3t failed", "login with --token [redacted] failed"),
        ("DB_PASSWORD: 'hunter2'", "DB_PASSWORD: '[redacted]'"),
        ("postgres://bob:hunter2@db:5432/shop refused", "postgres://[redacted]@db:5432/shop refused"),
        ("postgres://bob:h@nter2@db/shop", "postgres://[redacted]@db/shop"),
        ("got ghp_0123456789abcdef0123", "got [redacted]"),
        ("jwt eyJhbGciOiJIUzI1NiJ9.e30.abc rejected", "jwt [redacted] rejected"),
        ("-----BEGIN RSA PRIVATE KEY-----", "[redacted]"),
        // Environment and arguments, in the forms that programs print.
        (#"{"name": "DB_PASSWORD", "value": "hunter2"}"#, #"{"name": "DB_PASSWORD", "value": "[redacted]"}"#),
        ("- name: DB_PASSWORD\n  value: hunter2", "- name: DB_PASSWORD\n  value: [redacted]"),
        (#"args: ["--password", "hunter2", "-v"]"#, #"args: ["--password", "[redacted]", "-v"]"#),
        ("--db-password='a b c' --port=1", "--db-password='[redacted]' --port=1"),
        ("MYSQL_PASS=x1 run", "MYSQL_PASS=[redacted] run"),
        ("curl -u bob:hunter2 https://a.invalid", "curl -u [redacted] https://a.invalid"),
        // Values with separators in them.
        ("password=ab;cd,ef&gh next", "password=[redacted] next"),
        (#"password="ab \" cd" next"#, #"password="[redacted]" next"#),
        (#"{\"password\":\"hun;ter2\",\"n\":1}"#, #"{\"password\":\"[redacted]\",\"n\":1}"#),
        ("password==hunter2", "password==[redacted]"),
        ("password=(hunter2", "password=[redacted]"),
        // URLs and connection strings.
        ("https://bob:p/w#1@a.invalid/x", "https://[redacted]@a.invalid/x"),
        ("GET /a?token=abc&page=2", "GET /a?token=[redacted]&page=2"),
        ("https://a.invalid/b?X-Amz-Signature=abc&x=1", "https://a.invalid/b?X-Amz-Signature=[redacted]&x=1"),
        ("Server=db;Pwd=hunter2;Database=x", "Server=db;Pwd=[redacted];Database=x"),
        ("AccountName=a;AccountKey=abc==;EndpointSuffix=x", "AccountName=a;AccountKey=[redacted];EndpointSuffix=x"),
        ("bob:hunter2@tcp(db:3306)/shop: refused", "[redacted]@tcp(db:3306)/shop: refused"),
        ("redis://:hunter2@cache:6379", "redis://[redacted]@cache:6379"),
        ("a://b:c@d,e://f:g@h", "a://[redacted]@d,e://[redacted]@h"),
        // Headers and cookies.
        ("Authorization: Basic Ym9iOmh1bnRlcjI=", "Authorization: Basic [redacted]"),
        ("authorization: Digest username=\"bob\"", "authorization: [redacted]"),
        ("Cookie: a=b; session=c", "Cookie: [redacted]"),
        ("Set-Cookie: id=abc; Path=/", "Set-Cookie: [redacted]"),
        ("sent Basic Ym9iOmh1bnRlcjI= to it", "sent Basic [redacted] to it"),
        (#""auths": {"r.invalid": {"auth": "Ym9iOmh1bnRlcjI="}}"#, #""auths": {"r.invalid": {"auth": "[redacted]"}}"#),
        // Programs that take a secret without saying so.
        ("mysql -uroot -pHunter22xyz -h db", "mysql -uroot -p[redacted] -h db"),
        ("mysqldump -p'Hunter22xyz' shop", "mysqldump -p'[redacted] shop"),
        ("AUTH default hunter22", "AUTH default [redacted]"),
        ("SECRET_KEY_BASE 0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c", "SECRET_KEY_BASE [redacted]"),
        ("signing token Zm9vYmFyMTIzNDU2Nzg5MEFCQ0Q0 refused", "signing token [redacted] refused"),
        ("post https://hooks.slack.com/services/T0/B0/abc", "post https://hooks.slack.com/services/[redacted]"),
        ("https://discord.com/api/webhooks/1/abc-d", "https://discord.com/api/webhooks/[redacted]"),
        // Keys of clouds and services.
        ("AKIAIOSFODNN7EXAMPLE", "[redacted]"),
        ("Credential=AKIAIOSFODNN7EXAMPLE/2026/us", "Credential=[redacted]"),
        ("key wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "key [redacted]"),
        ("AIzaSyA0123456789abcdefghijklmnopqrstuv", "[redacted]"),
        ("glpat-0123456789abcdefghij", "[redacted]"),
    ]

    @Test("given a text with a secret in it, then the secret is gone and the rest is there", arguments: samples)
    func secrets(text: String, expected: String) {
        #expect(Redaction.redact(text) == expected)
    }

    @Test("given a text that is redacted already, then nothing changes", arguments: samples)
    func twice(text: String, expected: String) {
        #expect(Redaction.redact(expected) == expected)
    }

    @Test(
        "given a text without a secret, then it is left as it is",
        arguments: [
            "FATAL: the password is wrong",
            "cannot connect to db.invalid:5432: connection refused",
            "GET https://example.invalid/a?b=c 500",
            "token expired",
            "Access denied for user 'a'@'b' (using password: YES)",
            #"secret "db" not found"#,
            "couldn't find key user in Secret shop/db",
            #"MountVolume.SetUp failed for volume "tls" : references non-existent secret key: tls.key"#,
            #"serviceaccount "token-reader" not found"#,
            "registry.invalid/app:1@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "secretName=db",
            "run.sh: line 3: API_TOKEN: unbound variable",
            "sh: API_TOKEN: parameter not set",
            "db_password: Field required",
            "nmap -p8080-8090 of a mysql host-pool",
            "the token 0123456789 of session-affinity",
            "AUTH failed",
            "webhooks are served at https://hooks.example.invalid/services/a",
            "basic checks passed",
            "mail to bob@example.invalid at 10:30",
            "0/3 nodes are available: 3 node(s) had untolerated taint {team: data}.",
            "",
        ]
    )
    func harmless(text: String) {
        #expect(Redaction.redact(text) == text)
    }

    @Test("given a private key over several lines, then none of them is left, wherever the log begins or ends")
    func privateKeys() {
        let key = [
            "-----BEGIN EC PRIVATE KEY-----", "MHcCAQEEIIrYSSNQFaA2Hwf1duRSxKtLYX5CB04fSeQ6tF1aY",
            "oAoGCCqGSM49AwEHoUQDQgAE", "-----END EC PRIVATE KEY-----",
        ]
        #expect(Redaction.redact(lines: ["before"] + key + ["after"]) == ["before", "[redacted]", "after"])
        #expect(Redaction.redact(lines: Array(key.dropFirst()) + ["after"]) == ["[redacted]", "after"])
        #expect(Redaction.redact(lines: ["before"] + key.dropLast()) == ["before", "[redacted]"])
        #expect(
            Redaction.redact(lines: key.dropLast() + ["the log goes on"]) == ["[redacted]", "the log goes on"]
        )
        #expect(Redaction.redact(key.joined(separator: #"\n"#)) == "[redacted]")
    }

    @Test("given a name at the end of one line and its value in the next but one, then it is found among many lines")
    func amongManyLines() {
        let noise = (0..<100).map { "line \($0) of the log" }
        let lines = noise + ["- name: DB_PASSWORD", "", "  value: hunter2"] + noise
        let redacted = Redaction.redact(lines: lines)
        #expect(redacted == noise + ["- name: DB_PASSWORD", "", "  value: [redacted]"] + noise)
    }

    @Test("given the name of a secret in small and capital letters, then its value is gone, wherever it stands")
    func capitals() {
        for name in ["password", "token", "Cookie", "apikey", "db-pwd", "my_secret", "x-auth", "jwt", "dsn"] {
            let bytes = Array(name.utf8)
            for place in bytes.indices {
                var changed = bytes
                if (0x61...0x7A).contains(changed[place]) { changed[place] -= 0x20 }
                let word = String(decoding: changed, as: UTF8.self)
                #expect(!Redaction.redact("\(word)=hunter2").contains("hunter2"), "\(word)")
                #expect(!Redaction.redact("GET /?a=b \(word.uppercased()): hunter2").contains("hunter2"), "\(word)")
            }
        }
        #expect(Redaction.redact("postgres://bob:hunter2@") == "postgres://[redacted]@")
        #expect(!Redaction.redact("curl -u bob:hunter2 https://x").contains("hunter2"))
    }

    @Test("given letters beyond ASCII around a secret, and other spaces, then the secret goes and the rest stays")
    func otherLetters() {
        #expect(Redaction.redact("überall größe password=x müde") == "überall größe password=[redacted] müde")
        #expect(Redaction.redact("größe\u{3000}password=x") == "größe\u{3000}password=[redacted]")
        #expect(Redaction.redact("naïve\u{A0}token:\u{A0}x ende") == "naïve\u{A0}token:\u{A0}[redacted] ende")
    }

    @Test(
        "given many beginnings of secrets without a space, then eight times as many take about eight times the work",
        arguments: [
            "password=a;", "password=a,", "-u,", "-u ", "x://a:b@", "x://a:b/", "cookie=", "token:;", "AUTH default",
        ]
    )
    func linear(pattern: String) throws {
        func effort(_ count: Int) -> Duration {
            let text = String(repeating: pattern, count: count)
            let tries = (0..<3).map { _ in ProcessorTime.measure { _ = Redaction.redact(text) } }
            return tries.min() ?? .zero
        }
        // A square would be 64 times as much.
        #expect(effort(4000) < effort(500) * 30 + .milliseconds(10))
    }

    @Test("given lines that end as on Windows, or are empty, then none of them is lost")
    func carriageReturns() {
        let lines = ["password=x\r", "two\r", "three"]
        #expect(Redaction.redact(lines: lines).count == 3)
        #expect(Redaction.redact(lines: lines).last == "three")
        #expect(Redaction.redact(lines: ["password=x", "", "three"]) == ["password=[redacted]", "", "three"])
    }
}
