// SPDX-License-Identifier: Apache-2.0
public import JSON

/// A kind that is looked at and never written back: its type holds only what a diagnosis asks about.
///
/// What is encoded is the object's identity, so that clients refuse to update or apply one: the server would take the
/// rest for removed. Change such an object by a patch, or by a type of one's own.
public protocol ObservedResource: Resource, Hashable {}

extension ObservedResource {
    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("apiVersion", Self.apiResource.apiVersion)
            writer.field("kind", Self.apiResource.kind)
            writer.field("metadata", metadata)
        }
    }
}
