// SPDX-License-Identifier: Apache-2.0

/// Why an object depends on another one.
public enum Relation: String, Sendable, Hashable, CaseIterable {
    /// A controller keeps it as it is.
    case owner = "Owner"
    /// It is one of the objects that a controller keeps.
    case member = "Member"
    /// Its pods answer for a Service.
    case backend = "Backend"
    /// Traffic goes there: an address in its configuration, an Ingress or a route.
    case traffic = "Traffic"
    /// A volume, a variable or a claim is made from it.
    case content = "Content"
    /// It acts with the rights of an account.
    case account = "Account"
    /// It runs on a node.
    case placement = "Placement"
    /// It is what is scaled.
    case scaling = "Scaling"
    /// A finding about it names the other.
    case named = "Named"

    /// The relation in words that fit between two objects: "pod a *runs on* node b".
    public var phrase: String {
        switch self {
        case .owner: "belongs to"
        case .member: "consists of"
        case .backend: "is served by"
        case .traffic: "calls"
        case .content: "uses"
        case .account: "acts as"
        case .placement: "runs on"
        case .scaling: "scales"
        case .named: "needs"
        }
    }
}
