// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI

/// The merge patch that renews a Lease, or gives it back.
struct LeaseRenewal: JSONEncodable {
    /// The version that is renewed, and no other.
    var resourceVersion: String
    /// Who holds it; empty for nobody.
    var holder: String
    /// When it was renewed.
    var renewTime: Timestamp
    /// For how long it is held.
    var duration: Int

    func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field(
                "metadata",
                object: { writer in writer.field("resourceVersion", resourceVersion) }
            )
            writer.field(
                "spec",
                object: { writer in
                    writer.field("holderIdentity", holder)
                    writer.field("renewTime", renewTime.microTime)
                    writer.field("leaseDurationSeconds", duration)
                }
            )
        }
    }
}
