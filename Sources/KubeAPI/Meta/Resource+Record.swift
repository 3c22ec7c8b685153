// SPDX-License-Identifier: Apache-2.0
public import JSON

extension JSONRecord where Self: Resource {
    /// Writes the object with its `apiVersion` and `kind`, which must not be among the fields.
    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("apiVersion", Self.apiResource.apiVersion)
            writer.field("kind", Self.apiResource.kind)
            encodeFields(to: &writer)
        }
    }
}
