// SPDX-License-Identifier: Apache-2.0
public import JSON

extension DiagnosticTask {
    /// What people think of the answer.
    ///
    /// It adjusts the confidence of the knowledge that was used.
    public struct Feedback: Sendable, Hashable {
        /// Whether the answer was right.
        public struct Rating: Vocabulary {
            public var rawValue: String

            public init(rawValue: String) { self.rawValue = rawValue }

            /// It was.
            public static let positive = Self(rawValue: "Positive")
            /// It was not.
            public static let negative = Self(rawValue: "Negative")

            public static let known: [Rating] = [.positive, .negative]
        }

        /// Whether the answer was right.
        public var rating: Rating
        /// Why, in somebody's words.
        ///
        /// At most 2000 characters.
        public var comment: String?
        /// What it really was, as a class such as OOMKilled or in words.
        ///
        /// At most 512 characters.
        public var actualCause: String?

        /// Creates feedback.
        public init(rating: Rating, comment: String? = nil, actualCause: String? = nil) {
            self.rating = rating
            self.comment = comment
            self.actualCause = actualCause
        }
    }
}

extension DiagnosticTask.Feedback: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(rating: Rating(rawValue: ""))
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "rating": try reader.read(into: &rating)
            case "comment": try reader.read(into: &comment)
            case "actualCause": try reader.read(into: &actualCause)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("rating", rating)
            writer.field("comment", comment)
            writer.field("actualCause", actualCause)
        }
    }
}
