// SPDX-License-Identifier: Apache-2.0

/// What `kubectl apply` has noted of the configuration that an object was made from.
///
/// Of the whole configuration, in which anything may stand, only its version is kept.
package struct AppliedConfiguration: Sendable, Hashable {
    /// The annotation that holds it.
    package static let annotation = "kubectl.kubernetes.io/last-applied-configuration"
    private static let beginning = #"{"apiVersion":""#

    /// The version that somebody has written, such as `policy/v1beta1`.
    package let apiVersion: String

    /// Reads the annotation.
    ///
    /// kubectl writes the keys in the order of the alphabet, so that this one comes first.
    package init?(_ text: String) {
        guard text.hasPrefix(Self.beginning) else { return nil }
        let rest = text.dropFirst(Self.beginning.count).prefix(254)
        guard let end = rest.firstIndex(of: "\""), end > rest.startIndex else { return nil }
        let version = rest[..<end]
        let isVersion = version.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "-")...UInt8(ascii: "9")).contains(byte)
        }
        guard isVersion else { return nil }
        apiVersion = String(version)
    }

    /// The annotation with nothing else in it.
    package var text: String { Self.beginning + apiVersion + #""}"# }
}
