// SPDX-License-Identifier: Apache-2.0
import CYAML

extension YAML {
    /// One step from a value to a value inside it.
    public enum Step: Sendable, Hashable {
        /// To the value under a key of a mapping.
        case key(String)
        /// To an element of a sequence, counted from 0.
        case index(Int)
    }

    /// The line at which a value of a text's first document stands, counted from 1.
    ///
    /// A tree does not keep lines, because only an error wants to know one: this reads the text a second time.
    /// - Returns: the line of the deepest step that exists; nil if the text cannot be read that far.
    public static func line(of path: [Step], in bytes: [UInt8]) -> Int? {
        var parser = yaml_parser_t()
        guard yaml_parser_initialize(&parser) == 1 else { return nil }
        defer { yaml_parser_delete(&parser) }
        var finder = LineFinder()
        // libyaml keeps the pointer between calls, so the whole walk happens while the array lends it.
        bytes.withUnsafeBufferPointer { buffer in
            yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
            finder.find(path, &parser)
        }
        return finder.line
    }
}

/// Follows a path through libyaml's events.
private struct LineFinder {
    /// The line of the last step that was found.
    private(set) var line: Int?

    private struct Event {
        let type: yaml_event_type_t
        let line: Int
        /// The text of a scalar.
        let text: String
    }

    mutating func find(_ path: [YAML.Step], _ parser: inout yaml_parser_t) {
        while let event = next(&parser) {
            switch event.type {
            case YAML_STREAM_START_EVENT, YAML_DOCUMENT_START_EVENT: continue
            case YAML_STREAM_END_EVENT, YAML_DOCUMENT_END_EVENT: return
            default:
                line = event.line
                return follow(path[...], from: event, &parser)
            }
        }
    }

    private mutating func follow(_ path: ArraySlice<YAML.Step>, from event: Event, _ parser: inout yaml_parser_t) {
        guard let step = path.first else { return }
        switch (step, event.type) {
        case (.key(let wanted), YAML_MAPPING_START_EVENT):
            while let key = next(&parser), key.type == YAML_SCALAR_EVENT, let value = next(&parser) {
                if key.text == wanted {
                    line = key.line
                    return follow(path.dropFirst(), from: value, &parser)
                }
                guard skip(value, &parser) else { return }
            }
        case (.index(let wanted), YAML_SEQUENCE_START_EVENT):
            var index = 0
            while let element = next(&parser), element.type != YAML_SEQUENCE_END_EVENT {
                if index == wanted {
                    line = element.line
                    return follow(path.dropFirst(), from: element, &parser)
                }
                guard skip(element, &parser) else { return }
                index += 1
            }
        default: return
        }
    }

    /// Moves past a value whose first event has been read.
    private func skip(_ event: Event, _ parser: inout yaml_parser_t) -> Bool {
        var open = 0
        var event = event
        while true {
            switch event.type {
            case YAML_MAPPING_START_EVENT, YAML_SEQUENCE_START_EVENT: open += 1
            case YAML_MAPPING_END_EVENT, YAML_SEQUENCE_END_EVENT: open -= 1
            default: break
            }
            if open == 0 { return true }
            guard let following = next(&parser) else { return false }
            event = following
        }
    }

    private func next(_ parser: inout yaml_parser_t) -> Event? {
        var event = yaml_event_t()
        guard yaml_parser_parse(&parser, &event) == 1 else { return nil }
        defer { yaml_event_delete(&event) }
        var text = ""
        if event.type == YAML_SCALAR_EVENT {
            let scalar = event.data.scalar
            text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
        }
        return Event(type: event.type, line: Int(event.start_mark.line) + 1, text: text)
    }
}
