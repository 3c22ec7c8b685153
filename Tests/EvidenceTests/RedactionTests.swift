// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing

@Suite("Redaction")
struct RedactionTests {
    @Test(
        "given a line with a secret in it, then the secret is gone and the rest is there",
        arguments: [
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
        ]
    )
    func secrets(line: String, expected: String) {
        #expect(Redaction.redact(line) == expected)
    }

    @Test(
        "given a line without a secret, then it is left as it is",
        arguments: [
            "FATAL: the password is wrong",
            "cannot connect to db.invalid:5432: connection refused",
            "GET https://example.invalid/a?b=c 500",
            "token expired",
            "",
        ]
    )
    func harmless(line: String) {
        #expect(Redaction.redact(line) == line)
    }
}
