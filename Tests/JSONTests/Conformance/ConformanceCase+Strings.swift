// SPDX-License-Identifier: Apache-2.0
import JSON

extension ConformanceCase {
    /// Characters, escape sequences, surrogates and UTF-8.
    static let strings: [ConformanceCase] = acceptedStrings + badEscapes + badCharacters + cutStrings

    private static let acceptedStrings: [ConformanceCase] = [
        .accept(#"["\u0060\u012a\u12AB"]"#, as: "[\"`\u{12A}\u{12AB}\"]"),
        .accept(#"["\uD801\udc37"]"#, as: "[\"\u{10437}\"]"),
        .accept(#"["\ud83d\ude39\ud83d\udc8d"]"#, as: "[\"\u{1F639}\u{1F48D}\"]"),
        .accept(#"["\"\\\/\b\f\n\r\t"]"#, as: #"["\"\\/\b\f\n\r\t"]"#), .accept(#"["\\u0000"]"#), .accept(#"["\""]"#),
        .accept(#"["a/*b*/c/*d//e"]"#), .accept(#"["\\a"]"#), .accept(#"["\\n"]"#), .accept(#"["\u0012"]"#),
        .accept(#"["\uFFFF"]"#, as: "[\"<EF BF BF>\"]"), .accept(#"["\uFFFE"]"#, as: "[\"<EF BF BE>\"]"),
        .accept(#"["\uFDD0"]"#, as: "[\"<EF B7 90>\"]"), .accept("[ \"text\"]", as: #"["text"]"#),
        .accept(#"["\uDBFF\uDFFF"]"#, as: "[\"<F4 8F BF BF>\"]"), .accept(#"["a\u00A0b"]"#, as: "[\"a\u{A0}b\"]"),
        .accept("[\"<F4 8F BF BF>\"]"), .accept("[\"<EF BF BF>\"]", as: "[\"<EF BF BF>\"]"),
        .accept("[\"<F0 90 80 80>\"]", as: "[\"\u{10000}\"]"), .accept("[\"<C2 80>\"]", as: "[\"\u{80}\"]"),
        .accept("[\"<DF BF>\"]", as: "[\"\u{7FF}\"]"), .accept("[\"<E0 A0 80>\"]", as: "[\"\u{800}\"]"),
        .accept("[\"<ED 9F BF>\"]", as: "[\"\u{D7FF}\"]"), .accept("[\"<EE 80 80>\"]", as: "[\"\u{E000}\"]"),
        .accept(#"["\u0000"]"#), .accept(#"["\u002c"]"#, as: #"[","]"#), .accept("[\"π\"]"), .accept("[\"text \"]"),
        .accept("\" \""), .accept(#"["\uD834\uDd1e"]"#, as: "[\"\u{1D11E}\"]"), .accept("[\"\u{2028}\u{2029}\"]"),
        .accept(#"["\u0061\u30af\u30EA\u30b9"]"#, as: "[\"aクリス\"]"), .accept(#"["a\u000Ab"]"#, as: #"["a\nb"]"#),
        .accept("[\"<7F>\"]", as: "[\"\u{7F}\"]"), .accept(#"["\u005C"]"#, as: #"["\\"]"#),
        .accept(#"["\u10FFFF"]"#, as: "[\"\u{10FF}FF\"]"), .accept(#"["\u200B\u2064"]"#, as: "[\"\u{200B}\u{2064}\"]"),
        .accept(#"["\u0022"]"#, as: #"["\""]"#), .accept("[\"€𝄞\"]"),
        .accept("[\"<F0 9B BF BF>\"]", as: "[\"<F0 9B BF BF>\"]"),
        .accept(#"["\u0821\u0123"]"#, as: "[\"\u{821}\u{123}\"]"), .accept("[\"e\u{301} é\"]"),
        .accept(#"["\u007f"]"#, as: "[\"\u{7F}\"]"), .accept(#"{"\u0061":1,"\u0062":2}"#, as: #"{"a":1,"b":2}"#),
    ]

    private static let badEscapes: [ConformanceCase] = [
        #"\uD800\"#, #"\uD800\u"#, #"\uD800\u1"#, #"\uD800\u1x"#, #"\x00"#, #"\x15"#, #"\017"#, #"\a"#, #"\uqqqq"#,
        #"\u00A"#, #"\uD834\uDd"#, #"\uD800\uD800\x"#, #"\u<E5>"#, #"\<E5>"#, #"\😀"#, #"\U0041"#, #"\'"#, #"\0"#,
        #"\u 041"#, #"\u+041"#, #"\u00G0"#, #"\u00４1"#, #"\N"#, #"\v"#, #"\e"#, #"\ "#, #"\u{41}"#, #"\u-041"#,
    ].map { .refuse("[\"\($0) \"]", .invalidString) }

    private static let badCharacters: [ConformanceCase] =
        (0..<0x20)
        .map { code in
            // Each control character by itself, in the middle of a word of eight bytes.
            let digits = String(code, radix: 16, uppercase: true)
            return .refuse("[\"abc<\(digits.count < 2 ? "0" : "")\(digits)>defg\"]", .invalidString)
        } + [
            .refuse("[é]"), .refuse("['single']"), .refuse("[\"\\<00>\"]", .invalidString),
            .refuse("[\"\\<09>\"]", .invalidString), .refuse("[\"line\\<0A>break\"]", .invalidString),
        ]

    private static let cutStrings: [ConformanceCase] = [
        .refuse("\"", .unexpectedEnd), .refuse(#"["\"#, .unexpectedEnd), .refuse(#"["\"]"#, .unexpectedEnd),
        .refuse(#"["\\\"]"#, .unexpectedEnd), .refuse(#"["\u00"#, .unexpectedEnd), .refuse("\"<C3>", .unexpectedEnd),
        .refuse("\"\\\"", .unexpectedEnd),
    ]
}
