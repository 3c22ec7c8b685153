// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Redaction

/// Redacts the objects of the inventories.
struct InventoryRedaction: InventoryVisitor {
    mutating func visit<Object: Resource>(_ inventory: inout Inventory<Object>) { inventory.update(Self.redact) }

    static func redact<Object: KubernetesObject>(_ object: inout Object) {
        Snapshot.redact(&object.metadata)
        guard var bearer = object as? any TextBearer else { return }
        bearer.redactText()
        guard let redacted = bearer as? Object else { return }
        object = redacted
    }
}

/// A kind in which people and programs write texts of their own.
private protocol TextBearer {
    mutating func redactText()
}

extension ConfigMap: TextBearer {
    fileprivate mutating func redactText() { data = Snapshot.redacted(data) }
}

extension PersistentVolumeClaim: TextBearer {
    fileprivate mutating func redactText() { Snapshot.redact(&conditions) }
}

extension PersistentVolume: TextBearer {
    fileprivate mutating func redactText() {
        Snapshot.redact(&reason)
        Snapshot.redact(&message)
    }
}

extension Namespace: TextBearer {
    fileprivate mutating func redactText() { Snapshot.redact(&conditions) }
}

extension Node: TextBearer {
    fileprivate mutating func redactText() { Snapshot.redact(&conditions) }
}

extension HorizontalPodAutoscaler: TextBearer {
    fileprivate mutating func redactText() { Snapshot.redact(&conditions) }
}

extension PodDisruptionBudget: TextBearer {
    fileprivate mutating func redactText() { Snapshot.redact(&conditions) }
}

extension CustomResourceDefinition: TextBearer {
    fileprivate mutating func redactText() { Snapshot.redact(&conditions) }
}

extension APIService: TextBearer {
    fileprivate mutating func redactText() { Snapshot.redact(&conditions) }
}

extension MutatingWebhookConfiguration: TextBearer {
    fileprivate mutating func redactText() { webhooks.redactURLs() }
}

extension ValidatingWebhookConfiguration: TextBearer {
    fileprivate mutating func redactText() { webhooks.redactURLs() }
}

extension [Webhook] {
    fileprivate mutating func redactURLs() {
        for index in indices { self[index].url = self[index].url.map(Redaction.redact) }
    }
}

extension GatewayClass: TextBearer {
    fileprivate mutating func redactText() { Snapshot.redact(&conditions) }
}

extension Gateway: TextBearer {
    fileprivate mutating func redactText() {
        Snapshot.redact(&conditions)
        for index in listenerStatuses.indices { Snapshot.redact(&listenerStatuses[index].conditions) }
    }
}

extension Route: TextBearer {
    fileprivate mutating func redactText() {
        for index in parentStatuses.indices { Snapshot.redact(&parentStatuses[index].conditions) }
    }
}

extension CustomObject: TextBearer {
    fileprivate mutating func redactText() {
        Snapshot.redact(&phase)
        Snapshot.redact(&conditions)
    }
}
