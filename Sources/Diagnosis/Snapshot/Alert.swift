// SPDX-License-Identifier: Apache-2.0
public import KubeAPI

/// Something that a monitoring system complains about, in Alertmanager's terms.
public struct Alert: Sendable, Hashable {
    /// What it is about, such as `alertname`, `namespace`, `pod`.
    public var labels: [String: String]
    /// What it says, such as `description`.
    public var annotations: [String: String]
    /// Since when.
    public var startsAt: Timestamp?

    /// Creates an alert.
    public init(labels: [String: String], annotations: [String: String] = [:], startsAt: Timestamp? = nil) {
        self.labels = labels
        self.annotations = annotations
        self.startsAt = startsAt
    }

    /// Its name; empty if it has none.
    public var name: String { labels["alertname"] ?? "" }
}
