// SPDX-License-Identifier: Apache-2.0
import JSON

/// Writes a tree with needless white space and escapes.
enum RandomText {
    static func write(_ value: JSONValue, to text: inout String, _ random: inout SplitMix) {
        space(&text, &random)
        switch value {
        case .string(let string): quote(string, to: &text, &random)
        case .array(let elements):
            text += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { text += "," }
                write(element, to: &text, &random)
            }
            space(&text, &random)
            text += "]"
        case .object(let fields):
            text += "{"
            for (index, field) in fields.enumerated() {
                if index > 0 { text += "," }
                space(&text, &random)
                quote(field.key, to: &text, &random)
                space(&text, &random)
                text += ":"
                write(field.value, to: &text, &random)
            }
            text += "}"
        default: text += String(decoding: JSON.encode(value), as: UTF8.self)
        }
        space(&text, &random)
    }

    private static func space(_ text: inout String, _ random: inout SplitMix) {
        if random.next() % 3 == 0 { text += ["", " ", "\n", "\t", "\r\n"][Int(random.next() % 5)] }
    }

    private static func quote(_ string: String, to text: inout String, _ random: inout SplitMix) {
        text += "\""
        for scalar in string.unicodeScalars {
            let mustEscape = scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
            guard mustEscape || random.next() % 5 == 0 else {
                text.unicodeScalars.append(scalar)
                continue
            }
            for unit in String(scalar).utf16 {
                let digits = String(unit, radix: 16, uppercase: random.next() % 2 == 0)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        text += "\""
    }
}
