// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// A list that is not complete yet, beside the content of the store that it will replace.
///
/// It holds the store's own instance of each object that has not changed. So a list in which nothing is new takes no
/// more memory than the names.
struct StoreReplacement<Object: KubernetesObject>: Sendable {
    private(set) var content: [ObjectKey: StoredObject<Object>] = [:]

    mutating func insert(_ object: StoredObject<Object>, at key: ObjectKey) { content[key] = object }

    mutating func remove(_ key: ObjectKey) { content[key] = nil }
}
