// SPDX-License-Identifier: Apache-2.0
import CoreMetrics

extension Timer {
    /// Records a duration.
    func record(_ duration: Duration) { recordSeconds(duration / .seconds(1)) }
}
