// SPDX-License-Identifier: Apache-2.0
import JSON

extension ConformanceCase {
    /// Where RFC 8259 lets a reader choose, and what strict mode has chosen.
    static let choices: [ConformanceCase] =
        manyDigits + duplicates + loneSurrogates + malformed + marks + nesting

    private static let manyDigits: [ConformanceCase] = [
        "123.456e-789", "0.4e006699999999999999999999999999999999999999999999999999999999999999999", "-1e+9999",
        "1.5e+9999", "-123123e100000", "123123e100000", "123e-10000000", "-123123123123123123123123123123",
        "100000000000000000000", "-237462374673276894279832749832423479823246327846", "1e400", "-1e-400",
        "0.1000000000000000055511151231257827021181583404541015625",
    ].map { number in
        .choose(
            .accept(as: "[\(number)]"),
            "[\(number)]",
            because: "a tree keeps the notation of any number; only reading it as a type has a range (section 6)"
        )
    }

    private static let duplicates: [ConformanceCase] = [
        #"{"a":"b","a":"c"}"#, #"{"a":"b","a":"b"}"#, #"{"a":1,"\u0061":2}"#, #"{"":1,"":2}"#,
        #"[{"x":{"a":1,"b":2,"a":3}}]"#, #"{"a":{},"b":{"a":1},"a":0}"#, #"{"é":1,"\u00e9":2}"#,
        #"{"\ud83d\ude39":1,"😹":2}"#, #"{"a\/b":1,"a/b":2}"#,
    ].map {
        .choose(.refuse(.duplicateKey), $0, because: "two readers may take different ones for the value (section 4)")
    }

    private static let loneSurrogates: [ConformanceCase] = [
        #"{"\uDFAA":0}"#, #"["\uDADA"]"#, #"["\uD888\u1234"]"#, #"["\uD800\n"]"#, #"["\uDd1ea"]"#, #"["\uD800\uD800"]"#,
        #"["\ud800"]"#, #"["\ud800abc"]"#, #"["\uDd1e\uD834"]"#, #"["\uDFAA"]"#, #"["abc\udbff"]"#, #"["\uD83D😀"]"#,
    ].map {
        .choose(.refuse(.invalidString), $0, because: "it is no Unicode text, and readers differ (section 8.2)")
    }

    private static let malformed: [ConformanceCase] = [
        "日<FA>", "<ED A0 80>", "<ED BF BF>", "<ED A1 8C ED BE B4>", "<FF>", "<FE>", "<81>", "<80>", "<F4 BF BF BF>",
        "<F4 90 80 80>", "<F5 80 80 80>", "<C0 AF>", "<C0 80>", "<C1 BF>", "<E0 80 AF>", "<E0 9F BF>", "<F0 80 80 AF>",
        "<F0 8F BF BF>", "<F8 88 80 80 80>", "<FC 83 BF BF BF BF>", "<FC 80 80 80 80 80>", "<E0 FF>", "<C3>", "<E2 82>",
        "<F0 9F 98>", "<C3 28>", "<E2 28 A1>", "<F0 28 8C BC>", "abcdefgh<C3>", "abcdefg<E2 82 AC><AC>", "<BF>é",
    ].map {
        .choose(.refuse(.invalidString), "[\"\($0)\"]", because: "texts between systems are UTF-8 (section 8.1)")
    }

    private static let marks: [ConformanceCase] =
        ["<EF BB BF>{}", "<EF BB BF>[1]", "<EF BB BF> null"]
        .map { .choose(.refuse(.unexpectedByte), $0, because: "a byte order mark need not be ignored (section 8.1)") }
        + ["<FF FE>[<00>]<00>", "<FE FF 00>[<00>]", "[<00>]<00>", "<00>[<00>]"]
        .map { .choose(.refuse(.unexpectedByte), $0, because: "no encoding but UTF-8 is read (section 8.1)") }

    private static let nesting: [ConformanceCase] =
        [500, 512]
        .map { levels in
            let text = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
            return .choose(.accept(as: text), text, because: "512 levels are read (section 9)")
        } + [
            .choose(
                .refuse(.tooDeep),
                String(repeating: "[", count: 513) + String(repeating: "]", count: 513),
                because: "more than 512 levels are not (section 9)"
            )
        ]
}
