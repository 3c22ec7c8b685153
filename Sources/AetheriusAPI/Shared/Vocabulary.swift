// SPDX-License-Identifier: Apache-2.0
public import JSON

/// A set of words that may grow: what a closed schema calls an enumeration.
///
/// An object that was stored by a newer or an older schema may hold a word that this program does not know. Such a
/// word is kept as it is and written back unchanged; it never makes the object unreadable.
///
/// ```swift
/// switch task.status.phase {
/// case .running?: …
/// default: …  // also every word that is not known
/// }
/// ```
public protocol Vocabulary: RawRepresentable<String>, Sendable, Hashable, CustomStringConvertible, JSONDecodable,
    JSONEncodable
{
    /// Makes a value of any word, known or not.
    init(rawValue: String)

    /// The words that this version of the API allows, in the order in which they are best listed.
    static var known: [Self] { get }
}

extension Vocabulary {
    /// Whether this version of the API allows the word.
    public var isKnown: Bool { Self.known.contains { $0.rawValue == rawValue } }

    /// The word.
    public var description: String { rawValue }

    public init(from reader: inout JSONReader) throws(JSONError) { self.init(rawValue: try reader.readString()) }

    public func encode(to writer: inout JSONWriter) { writer.string(rawValue) }
}
