// SPDX-License-Identifier: Apache-2.0
import JSON

/// Texts that are JSON, or nearly: each from a seed of its own, so that one that fails can be made again.
enum FuzzText {
    static func make(seed: UInt64) -> [UInt8] {
        var random = SplitMix(state: seed)
        var bytes = valid(&random)
        // Half of the texts stay as they are; the others get one change or a few.
        while random.next() % 2 == 0 { damage(&bytes, &random) }
        return bytes
    }

    private static func valid(_ random: inout SplitMix) -> [UInt8] {
        switch random.next() % 20 {
        case 0..<9:
            var text = ""
            RandomText.write(RandomTree.make(&random, depth: 4), to: &text, &random)
            return Array(text.utf8)
        case 9..<13: return list(&random) { number(&$0) }
        case 13..<16: return list(&random) { string(&$0) }
        case 16: return object(&random)
        case 17: return nested(&random)
        default: return (0..<Int(random.next() % 12)).flatMap { _ in piece(&random) }
        }
    }

    private static func list(_ random: inout SplitMix, of element: (inout SplitMix) -> [UInt8]) -> [UInt8] {
        let elements = (0..<random.next() % 6).map { _ in element(&random) }
        return Array("[".utf8) + elements.joined(separator: [UInt8(ascii: ",")]) + Array("]".utf8)
    }

    /// An object in which a key comes twice now and then.
    private static func object(_ random: inout SplitMix) -> [UInt8] {
        let members = (0..<random.next() % 5)
            .map { _ in
                Array("\"\(["a", "b", "\\u0061", "c", "é", "e\u{301}"][Int(random.next() % 6)])\":".utf8)
                    + number(&random)
            }
        return Array("{".utf8) + members.joined(separator: [UInt8(ascii: ",")]) + Array("}".utf8)
    }

    private static func nested(_ random: inout SplitMix) -> [UInt8] {
        // Foundation takes quadratic time for nesting, so few texts come near the limit.
        let levels = random.next() % 32 == 0 ? 508 + Int(random.next() % 8) : Int(random.next() % 40)
        let isObject = random.next() % 2 == 0
        return Array(String(repeating: isObject ? #"{"a":"# : "[", count: levels).utf8) + number(&random)
            + Array(String(repeating: isObject ? "}" : "]", count: levels).utf8)
    }

    /// A number in any notation: of any size, with any digits, or next to a double.
    private static func number(_ random: inout SplitMix) -> [UInt8] {
        func digits(_ random: inout SplitMix, upTo count: UInt64) -> String {
            (0..<random.next() % count + 1).map { _ in String(random.next() % 10) }.joined()
        }
        var text = random.next() % 3 == 0 ? "-" : ""
        switch random.next() % 4 {
        case 0:
            text += String(Double(bitPattern: random.next() >> 1).magnitude).replacing("inf", with: "1e309").replacing(
                "nan",
                with: "0"
            )
        case 1: text += random.next() % 2 == 0 ? "0" : String(random.next())
        default:
            text += random.next() % 3 == 0 ? "0" : String(random.next() % 9 + 1) + digits(&random, upTo: 22)
            if random.next() % 2 == 0 { text += "." + digits(&random, upTo: 25) }
        }
        if random.next() % 4 == 0, !text.contains("e") {
            text +=
                ["e", "E", "e+", "E-", "e-"][Int(random.next() % 5)]
                + String(random.next() % (random.next() % 2 == 0 ? 20 : 400))
        }
        return Array(text.utf8)
    }

    private static func string(_ random: inout SplitMix) -> [UInt8] {
        let quote = [UInt8(ascii: "\"")]
        return quote + (0..<random.next() % 10).flatMap { _ in piece(&random, from: inStrings) } + quote
    }

    private static let inStrings: [[UInt8]] =
        [
            "a", "bcd", "abcdefgh", "é", "€", "😀", "\u{7F}", "\u{2028}", #"\n"#, #"\""#, #"\\"#, #"\/"#, #"\u0041"#,
            #"\u00e9"#,
            #"\u20AC"#, #"\ud83d\ude00"#, #"\u0000"#, #"\uFFFF"#, " ", "{", "]", ",", ":",
        ].map { Array($0.utf8) }

    /// What stands between values, and what is nearly but not quite right.
    private static let pieces: [[UInt8]] =
        inStrings
        + [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\"a\":", "null", "true", "false", "0", "-", ".", "e", "1e400",
            "00",
            "+", "NaN", "Infinity", "nul", "\t", "\n", "\r", "\u{B}", "\u{0}", "\u{FEFF}", "//", "/**/", "'",
            #"\ud800"#,
            #"\udc00"#, #"\u"#, #"\u12"#, #"\x"#, "1e-400", "9223372036854775808", "-0", "\u{A0}", "{}", "[]", "\"\"",
        ].map { Array($0.utf8) }
        + [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x80], [0xF0, 0x9F]]

    private static func piece(_ random: inout SplitMix, from pieces: [[UInt8]] = pieces) -> [UInt8] {
        pieces[Int(random.next() % UInt64(pieces.count))]
    }

    private static func damage(_ bytes: inout [UInt8], _ random: inout SplitMix) {
        let place = Int(random.next() % UInt64(bytes.count + 1))
        let end = min(bytes.count, place + Int(random.next() % 6))
        switch random.next() % 8 {
        case 0: bytes.insert(contentsOf: piece(&random), at: place)
        case 1: bytes.replaceSubrange(place..<end, with: piece(&random))
        case 2: bytes.removeSubrange(place..<end)
        case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
        case 4: bytes.removeSubrange(place...)
        case 5 where place < bytes.count: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        case 6 where place < bytes.count: bytes[place] ^= 1 << UInt8(random.next() % 8)
        case 7: bytes.insert(contentsOf: piece(&random), at: 0)
        default: break
        }
    }
}
