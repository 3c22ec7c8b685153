// SPDX-License-Identifier: Apache-2.0
import CYAML
public import JSON
import OrderedCollections

/// Reads YAML into JSON trees, as Kubernetes does: what has no JSON form is refused.
///
/// Plain scalars follow the core schema of YAML 1.2, so `yes` and `on` are strings. Aliases are resolved within a
/// bound, so that a small text cannot unfold into a large tree.
public enum YAML {
    /// The most nodes that all documents of a text may unfold into.
    public static var maximumNodes: Int { 1_000_000 }
    /// The deepest nesting that is read.
    public static var maximumDepth: Int { 128 }

    /// Reads every document of a text; empty documents are left out.
    public static func decodeAll(_ bytes: [UInt8]) throws(YAMLError) -> [JSONValue] {
        var parser = yaml_parser_t()
        guard yaml_parser_initialize(&parser) == 1 else {
            throw YAMLError(message: "there is no memory for a parser", line: 0)
        }
        defer { yaml_parser_delete(&parser) }
        var outcome: Result<[JSONValue], YAMLError> = .success([])
        // libyaml keeps the pointer between calls, so the whole reading happens while the array lends it.
        bytes.withUnsafeBufferPointer { buffer in
            yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
            do throws(YAMLError) {
                var composer = Composer(text: buffer)
                outcome = .success(try composer.documents(&parser))
            } catch {
                outcome = .failure(error)
            }
        }
        return try outcome.get()
    }

    /// Reads a text that holds one document; an empty text is null.
    public static func decode(_ bytes: [UInt8]) throws(YAMLError) -> JSONValue {
        let documents = try decodeAll(bytes)
        guard documents.count <= 1 else {
            throw YAMLError(message: "the text holds \(documents.count) documents, expected one", line: 1)
        }
        return documents.first ?? .null
    }
}
