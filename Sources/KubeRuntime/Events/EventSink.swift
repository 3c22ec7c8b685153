// SPDX-License-Identifier: Apache-2.0
public import KubeAPI
public import KubeClient

/// Where an ``EventRecorder`` writes: an API server, or a script in a test.
public protocol EventSink: Sendable {
    /// Creates an event in the namespace that its metadata name.
    func createEvent(_ event: Event) async throws(KubeError) -> Event
    /// Changes an event.
    func patchEvent(_ name: String, namespace: String, _ patch: Patch) async throws(KubeError) -> Event
}

extension KubernetesClient: EventSink {
    /// Creates an event in the namespace that its metadata name.
    public func createEvent(_ event: Event) async throws(KubeError) -> Event {
        try await resources(Event.self, namespace: event.metadata.namespace).create(event)
    }

    /// Changes an event.
    public func patchEvent(_ name: String, namespace: String, _ patch: Patch) async throws(KubeError) -> Event {
        try await resources(Event.self, namespace: namespace).patch(name, patch)
    }
}
