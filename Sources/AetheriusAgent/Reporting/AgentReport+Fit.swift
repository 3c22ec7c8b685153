// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON

extension ClusterAgent.AgentReport {
    /// The most bytes of JSON that an agent's side of the status may take.
    static let maximumBytes = 16 << 10

    /// Leaves out what matters least until the report is small enough: events, then unhealthy objects, then numbers.
    ///
    /// The totals stay true.
    mutating func fit(_ maximumBytes: Int = Self.maximumBytes) {
        while JSON.encode(self).count > maximumBytes {
            truncated = true
            if let count = events?.items.count, count > 5 {
                events?.items.removeLast()
            } else if !unhealthy.isEmpty {
                unhealthy.removeLast()
            } else if events?.items.isEmpty == false {
                events?.items.removeLast()
            } else if metrics != nil {
                metrics = nil
            } else {
                return
            }
        }
    }

    /// Whether two reports say the same, but for when their numbers were taken.
    func saysTheSame(as other: Self) -> Bool {
        var (left, right) = (self, other)
        left.metrics?.observedAt = nil
        right.metrics?.observedAt = nil
        return left == right
    }
}
