// SPDX-License-Identifier: Apache-2.0
import CYAML
import JSON
import OrderedCollections

/// Builds trees from libyaml's events.
struct Composer {
    /// A value to be repeated, with what repeating it costs.
    private struct Anchor {
        let value: JSONValue
        let size: Int
        let height: Int
    }

    /// The bytes that are parsed; they outlive the composer.
    private let text: UnsafeBufferPointer<UInt8>
    private var anchors: [String: Anchor] = [:]
    private var nodes = 0
    /// The deepest level reached since the value that is being read began.
    private var deepest = 0

    init(text: UnsafeBufferPointer<UInt8>) { self.text = text }

    mutating func documents(_ parser: inout yaml_parser_t) throws(YAMLError) -> [JSONValue] {
        var documents: [JSONValue] = []
        while true {
            var event = try next(&parser)
            defer { yaml_event_delete(&event) }
            switch event.type {
            case YAML_STREAM_END_EVENT:
                return documents
            case YAML_STREAM_START_EVENT, YAML_DOCUMENT_END_EVENT:
                continue
            case YAML_DOCUMENT_START_EVENT:
                anchors = [:]
            default:
                let document = try value(of: event, &parser, depth: 0)
                if document != .null { documents.append(document) }
            }
        }
    }

    private func next(_ parser: inout yaml_parser_t) throws(YAMLError) -> yaml_event_t {
        var event = yaml_event_t()
        guard yaml_parser_parse(&parser, &event) == 1 else {
            let problem = parser.problem.map { String(cString: $0) } ?? "it is not YAML"
            // Bytes that are no text are found before there are lines, so there is only their offset.
            let line =
                parser.error == YAML_READER_ERROR
                ? text.prefix(parser.problem_offset).count { $0 == UInt8(ascii: "\n") }
                : Int(parser.problem_mark.line)
            throw YAMLError(message: problem, line: line + 1)
        }
        return event
    }

    private mutating func value(
        of event: yaml_event_t,
        _ parser: inout yaml_parser_t,
        depth: Int
    ) throws(YAMLError) -> JSONValue {
        let line = Int(event.start_mark.line) + 1
        let deepestBefore = deepest
        deepest = 0
        try reach(depth, line: line)
        defer { deepest = max(deepest, deepestBefore) }
        try count(1, line: line)
        let sizeBefore = nodes - 1
        let anchor: UnsafeMutablePointer<yaml_char_t>?
        let result: JSONValue
        switch event.type {
        case YAML_SCALAR_EVENT:
            anchor = event.data.scalar.anchor
            result = Self.scalar(event.data.scalar)
        case YAML_SEQUENCE_START_EVENT:
            anchor = event.data.sequence_start.anchor
            result = try sequence(&parser, depth: depth)
        case YAML_MAPPING_START_EVENT:
            anchor = event.data.mapping_start.anchor
            result = try mapping(&parser, depth: depth)
        case YAML_ALIAS_EVENT:
            let name = Self.string(event.data.alias.anchor)
            guard let known = anchors[name] else {
                throw YAMLError(message: "an alias has no anchor before it", line: line)
            }
            try count(known.size, line: line)
            try reach(depth + known.height, line: line)
            return known.value
        default:
            throw YAMLError(message: "a value is missing", line: line)
        }
        if let anchor {
            anchors[Self.string(anchor)] = Anchor(value: result, size: nodes - sizeBefore, height: deepest - depth)
        }
        return result
    }

    /// Aliases add the height of what they repeat, so that a chain of them cannot nest deeper than brackets may.
    private mutating func reach(_ depth: Int, line: Int) throws(YAMLError) {
        guard depth <= YAML.maximumDepth else {
            throw YAMLError(message: "nested deeper than \(YAML.maximumDepth) levels", line: line)
        }
        deepest = max(deepest, depth)
    }

    private mutating func count(_ more: Int, line: Int) throws(YAMLError) {
        nodes += more
        guard nodes <= YAML.maximumNodes else {
            throw YAMLError(message: "the text unfolds into more than \(YAML.maximumNodes) values", line: line)
        }
    }

    private mutating func sequence(_ parser: inout yaml_parser_t, depth: Int) throws(YAMLError) -> JSONValue {
        var elements: [JSONValue] = []
        while true {
            var event = try next(&parser)
            defer { yaml_event_delete(&event) }
            if event.type == YAML_SEQUENCE_END_EVENT { return .array(elements) }
            elements.append(try value(of: event, &parser, depth: depth + 1))
        }
    }

    private mutating func mapping(_ parser: inout yaml_parser_t, depth: Int) throws(YAMLError) -> JSONValue {
        var fields: OrderedDictionary<String, JSONValue> = [:]
        while true {
            var keyEvent = try next(&parser)
            defer { yaml_event_delete(&keyEvent) }
            if keyEvent.type == YAML_MAPPING_END_EVENT { return .object(fields) }
            let line = Int(keyEvent.start_mark.line) + 1
            guard keyEvent.type == YAML_SCALAR_EVENT else {
                throw YAMLError(message: "a key has to be a plain word", line: line)
            }
            // A key is a string in JSON whatever it looks like in YAML.
            let key = Self.text(keyEvent.data.scalar)
            guard fields[key] == nil else { throw YAMLError(message: "the key '\(key)' is there twice", line: line) }
            var valueEvent = try next(&parser)
            defer { yaml_event_delete(&valueEvent) }
            fields[key] = try value(of: valueEvent, &parser, depth: depth + 1)
        }
    }

    private static func string(_ characters: UnsafeMutablePointer<yaml_char_t>) -> String {
        String(decodingCString: characters, as: UTF8.self)
    }

    private typealias Scalar = yaml_event_s.__Unnamed_union_data.__Unnamed_struct_scalar

    private static func text(_ scalar: Scalar) -> String {
        String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
    }

    private static func scalar(_ scalar: Scalar) -> JSONValue {
        let text = text(scalar)
        guard scalar.style == YAML_PLAIN_SCALAR_STYLE, scalar.tag == nil else { return .string(text) }
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: break
        }
        guard let first = text.utf8.first, first <= UInt8(ascii: "9") else { return .string(text) }
        if let whole = Int64(text) { return .integer(whole) }
        for (prefix, radix) in [("0x", 16), ("0o", 8)] where text.hasPrefix(prefix) {
            // Int64 takes a sign, which has no place after the prefix.
            let digits = text.utf8.dropFirst(2)
            guard digits.first != UInt8(ascii: "+"), digits.first != UInt8(ascii: "-"),
                let whole = Int64(text.dropFirst(2), radix: radix)
            else { return .string(text) }
            return .integer(whole)
        }
        let looksDecimal = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"),
                UInt8(ascii: "e"), UInt8(ascii: "E"):
                true
            default: false
            }
        }
        guard looksDecimal else { return .string(text) }
        if let number = Double(text), number.isFinite { return .double(number) }
        return JSONNumber(text).map { .number($0) } ?? .string(text)
    }
}
