// SPDX-License-Identifier: Apache-2.0
import JSON

/// One step from a value into a value within it.
enum JSONPathStep: Sendable, Hashable {
    case key(String)
    case index(Int)
}

extension [JSONPathStep] {
    /// The path as field errors write it: `spec.steps[0].params.tailLines`.
    var text: String {
        reduce(into: "") { text, step in
            switch step {
            case .key(let key): text += text.isEmpty ? key : ".\(key)"
            case .index(let index): text += "[\(index)]"
            }
        }
    }
}

extension JSONValue {
    /// The same tree with another value at a path, or with none there if the value is nil.
    func setting(_ value: JSONValue?, at path: some Collection<JSONPathStep>) -> JSONValue {
        guard let step = path.first else { return value ?? .null }
        let rest = path.dropFirst()
        var copy = self
        switch step {
        case .key(let key):
            if rest.isEmpty {
                copy[key] = value
            } else {
                copy[key] = (self[key] ?? [:]).setting(value, at: rest)
            }
        case .index(let index):
            guard case .array(var elements) = self, elements.indices.contains(index) else { return self }
            elements[index] = elements[index].setting(value, at: rest)
            copy = .array(elements)
        }
        return copy
    }

    /// The value at a path.
    func value(at path: [JSONPathStep]) -> JSONValue? {
        path.reduce(Optional(self)) { value, step in
            switch step {
            case .key(let key): value?[key]
            case .index(let index): value?.arrayValue.flatMap { $0.indices.contains(index) ? $0[index] : nil }
            }
        }
    }

    /// The fields of an object in their order; none if this is not an object.
    var fields: [(key: String, value: JSONValue)] {
        guard case .object(let fields) = self else { return [] }
        return fields.map { ($0.key, $0.value) }
    }

    /// The same tree with the keys of every object in order, so that trees can be compared without regard to it.
    var sorted: JSONValue {
        switch self {
        case .object(let fields):
            fields.sorted { $0.key < $1.key }.reduce(into: [:] as JSONValue) { $0[$1.key] = $1.value.sorted }
        case .array(let elements): .array(elements.map(\.sorted))
        default: self
        }
    }

    /// The paths of every field, in the notation of ``Schema/paths``.
    func fieldPaths(_ prefix: String = "") -> Set<String> {
        switch self {
        case .object(let fields):
            fields.reduce(into: []) { paths, field in
                let path = prefix.isEmpty ? field.key : "\(prefix).\(field.key)"
                paths.insert(path)
                paths.formUnion(field.value.fieldPaths(path))
            }
        case .array(let elements):
            elements.reduce(into: []) { $0.formUnion($1.fieldPaths("\(prefix)[]")) }
        default: []
        }
    }
}
