// SPDX-License-Identifier: Apache-2.0
import JSON

extension ConformanceCase {
    /// Brackets, commas, colons, literals, white space, and what may stand around a value.
    static let structures: [ConformanceCase] =
        acceptedStructures + badArrays + badObjects + badLiterals + badSurroundings + cutStructures

    private static let acceptedStructures: [ConformanceCase] = [
        .accept("[]"), .accept("{}"), .accept("null"), .accept("true"), .accept("false"), .accept("42"),
        .accept("-0.1"), .accept(#""text""#), .accept(#""""#), .accept("[[]   ]", as: "[[]]"), .accept(#"[""]"#),
        .accept("[null, 1, \"1\", {}]", as: #"[null,1,"1",{}]"#), .accept("[1\n]", as: "[1]"),
        .accept(" [1]", as: "[1]"), .accept("[2] ", as: "[2]"), .accept("[\"a\"]\n", as: #"["a"]"#),
        .accept("\t\r\n [ ] \n", as: "[]"), .accept("[1,null,null,null,2]"), .accept("[true]"), .accept("[false]"),
        .accept(#"{"a":"b","c":"d"}"#), .accept(#"{"":0}"#), .accept(#"{"a\u0000b":42}"#),
        .accept("{\n\"a\": [ ]\n}", as: #"{"a":[]}"#), .accept(#"{"min":-1.0e+28,"max":1.0e+28}"#),
        .accept(#"{"A":1,"a":2}"#), .accept("[[[[[[[[[[[[[[[[[[[[\"deep\"]]]]]]]]]]]]]]]]]]]]"),
        .accept(#"[{"a":[{"b":{}}]},[[],{}]]"#), .accept(#"{"a":{"a":{"a":1}},"b":{"a":1}}"#),
    ]

    private static let badArrays: [ConformanceCase] = [
        .refuse("[1 true]"), .refuse("[a<E5>]"), .refuse(#"["": 1]"#), .refuse("[\"\"],", .trailingData),
        .refuse("[,1]"), .refuse("[1,,2]"), .refuse(#"["x",,]"#), .refuse(#"["x"]]"#, .trailingData),
        .refuse(#"["",]"#), .refuse("[3[4]]"), .refuse("[<FF>]"), .refuse("[1:2]"), .refuse("[,]"),
        .refuse("[   , \"\"]"), .refuse("[1,]"), .refuse("[1,,]"), .refuse("[\"a\"<0C>]"), .refuse("[<0B>]"),
        .refuse("[<0C>]"), .refuse("[*]"), .refuse("[x"), .refuse("[<00>]"), .refuse(#"["a"}"#), .refuse("[}"),
        .refuse("[<E2 81 A0>]"), .refuse("[<C2 A0>1]"), .refuse("]"), .refuse("[1;2]"),
    ]

    private static let badObjects: [ConformanceCase] = [
        .refuse(#"{[: "x"}"#), .refuse(#"{"x", null}"#), .refuse(#"{"x"::"b"}"#), .refuse("{😀}"),
        .refuse(#"{"a":"a" 123}"#), .refuse("{key: 1}"), .refuse(#"{"a" b}"#), .refuse(#"{:"b"}"#),
        .refuse(#"{"a" "b"}"#), .refuse("{1:1}"), .refuse("{9999E9999:1}"), .refuse("{null:null,null:null}"),
        .refuse(#"{"id":0,,,,,}"#), .refuse("{'a':0}"), .refuse(#"{"id":0,}"#), .refuse(#"{"a":"b",,"c":"d"}"#),
        .refuse(#"{ "foo" : "bar", "a" }"#), .refuse("{]"), .refuse("{,"), .refuse("{["), .refuse("{'a'"),
        .refuse(#"{"a":}"#), .refuse(#"{"a":]}"#), .refuse(#"{"a":1]"#), .refuse("{}}", .trailingData),
        .refuse(#"{"a":/*note*/"b"}"#), .refuse(#"{"a":1 + 2}"#), .refuse(#"{"a":f()}"#),
        .refuse(#"{"<B9>":"0",}"#, .invalidString), .refuse("}"), .refuse(#"{"a":1:2}"#),
    ]

    private static let badLiterals: [ConformanceCase] = [
        .refuse("[fals]"), .refuse("[nul]"), .refuse("[tru]"), .refuse("[True]"), .refuse("[NULL]"),
        .refuse(#"["x", truth]"#), .refuse("[nulll]"), .refuse("[undefined]"), .refuse("[trueé]"), .refuse("abc"),
        .refuse("truex", .trailingData), .refuse("tru", .unexpectedEnd), .refuse("n", .unexpectedEnd),
    ]

    private static let badSurroundings: [ConformanceCase] = [
        .refuse("[1]x", .trailingData), .refuse("1]", .trailingData), .refuse("[][]", .trailingData),
        .refuse("2@", .trailingData), .refuse(#"{"a": true} "x""#, .trailingData), .refuse("123<00>", .trailingData),
        .refuse(#"{"a":"b"}/**/"#, .trailingData), .refuse(#"{"a":"b"}//"#, .trailingData),
        .refuse(#"{"a":"b"}/"#, .trailingData), .refuse(#"{"a":"b"}#"#, .trailingData), .refuse("<E5>"),
        .refuse("<E2 81 A0>"), .refuse("<.>"), .refuse("[<null>]"), .refuse("*"), .refuse("å"), .refuse("/*x*/1"),
        .refuse("<EF BB>{}"), .refuse("<EF BB BF>"), .refuse(#"""x"#, .trailingData), .refuse("1 2", .trailingData),
        .refuse(#"[\n]"#), .refuse(#"[\u000A""]"#), .refuse(#"[\u0020"a"]"#), .refuse("<1E>[]"),
        .refuse("[]<00>", .trailingData),
    ]

    private static let cutStructures: [ConformanceCase] = [
        .refuse("", .unexpectedEnd), .refuse(" ", .unexpectedEnd), .refuse("[", .unexpectedEnd),
        .refuse("{", .unexpectedEnd), .refuse(#"["x""#, .unexpectedEnd), .refuse("[1,", .unexpectedEnd),
        .refuse("[\"a\",\n4\n,1,", .unexpectedEnd), .refuse("[{}", .unexpectedEnd), .refuse(#"{"a":"#, .unexpectedEnd),
        .refuse(#"{"a""#, .unexpectedEnd), .refuse(#"{"a":"a"#, .unexpectedEnd), .refuse(#"["a]"#, .unexpectedEnd),
        .refuse(#"{"x": true,"#, .unexpectedEnd), .refuse(#"{"a":"b""#, .unexpectedEnd), .refuse("[1", .unexpectedEnd),
        .refuse("[{", .unexpectedEnd), .refuse("[,"), .refuse(#"["a"#, .unexpectedEnd),
        .refuse(#"{"a"#, .unexpectedEnd),
        .refuse("[ false, nul", .unexpectedEnd), .refuse("[ true, fals", .unexpectedEnd), .refuse("['"),
        .refuse(#"["\{["\{["\{["\{"#, .invalidString), .refuse(#"{"":"#, .unexpectedEnd),
        .refuse(String(repeating: "[", count: 100_000), .tooDeep),
        .refuse(String(repeating: #"[{"":"#, count: 50_000), .tooDeep),
        .refuse(String(repeating: "[", count: 512), .unexpectedEnd),
    ]
}
