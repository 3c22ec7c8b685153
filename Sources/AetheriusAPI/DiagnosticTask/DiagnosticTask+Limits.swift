// SPDX-License-Identifier: Apache-2.0
public import JSON

extension DiagnosticTask {
    /// What a diagnosis may take.
    ///
    /// When a limit is reached, what was found until then is kept.
    ///
    /// The defaults are those of the schema.
    public struct Limits: Sendable, Hashable {
        /// ``timeoutSeconds`` unless set: 600.
        public static let defaultTimeoutSeconds = 600
        /// ``maxSteps`` unless set: 10.
        public static let defaultMaxSteps = 10
        /// ``maxCostUSD`` unless set: "0.50".
        public static let defaultMaxCostUSD = "0.50"
        /// ``maxRetries`` unless set: 3.
        public static let defaultMaxRetries = 3

        /// Seconds one attempt may take, 1 to 86400.
        public var timeoutSeconds = Self.defaultTimeoutSeconds
        /// Rounds of looking and thinking, 1 to 100.
        public var maxSteps = Self.defaultMaxSteps
        /// Tokens the language model may use, question and answer together, 0 to 10000000.
        ///
        /// Nil: the operator's limit.
        public var maxTokens: Int?
        /// US dollars the language model may cost, as a decimal string with up to 6 digits before and 4 after the
        /// point.
        ///
        /// ``DollarAmount`` reads it.
        public var maxCostUSD = Self.defaultMaxCostUSD
        /// Further attempts after one that failed, 0 to 10.
        public var maxRetries = Self.defaultMaxRetries

        /// Creates the default limits.
        public init() {}
    }
}

extension DiagnosticTask.Limits: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "timeoutSeconds": try reader.read(into: &timeoutSeconds)
            case "maxSteps": try reader.read(into: &maxSteps)
            case "maxTokens": try reader.read(into: &maxTokens)
            case "maxCostUSD": try reader.read(into: &maxCostUSD)
            case "maxRetries": try reader.read(into: &maxRetries)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("timeoutSeconds", timeoutSeconds)
            writer.field("maxSteps", maxSteps)
            writer.field("maxTokens", maxTokens)
            writer.field("maxCostUSD", maxCostUSD)
            writer.field("maxRetries", maxRetries)
        }
    }
}
