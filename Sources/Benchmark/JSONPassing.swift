// SPDX-License-Identifier: Apache-2.0
import JSON

/// Getting past JSON that nobody keeps: skipping it, and checking it as a text from outside.
enum JSONPassing: FigureGroup {
    static let name = "json-pass"
    private static let runs = 9

    static func measure() async throws -> [Figure] {
        let bytes = wrapped(PodListSample.make(pods: 5000))
        return [
            try figure("json-skip-unknown", bytes, mode: .lenient),
            try figure("json-check-strict", bytes, mode: .strict(limits)),
        ]
    }

    private static var limits: JSONLimits {
        var limits = JSONLimits()
        limits.textBytes = .max
        return limits
    }

    /// The same list as an array, under a key with an escape, and as one long string, all of them unknown fields.
    private static func wrapped(_ list: [UInt8]) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.key("list")
            writer.array { $0.raw(list) }
            writer.key("tab\t\(String(repeating: "\"", count: (1 << 19) - 8))")
            writer.raw(list)
            writer.field("text", String(decoding: list.prefix(900_000), as: UTF8.self))
        }
        return writer.bytes
    }

    private static func figure(_ name: String, _ bytes: [UInt8], mode: JSONMode) throws -> Figure {
        // The first time brings in the program's own pages.
        _ = try JSON.decode(Nothing.self, from: bytes, mode: mode)
        let growth = try Measurement.peakGrowth { try JSON.decode(Nothing.self, from: bytes, mode: mode) }.bytes
        // Every part of the text is larger than that, so that a copy of one would show; the kernel counts less exactly
        // than by the page. Strict mode resolves an escaped key to compare it, one at a time.
        guard growth < (mode == .lenient ? 640 : 3 << 10) << 10 else {
            throw BenchmarkError(message: "\(name) takes \(growth) bytes of memory")
        }
        let time = try Measurement.best(of: runs) { try JSON.decode(Nothing.self, from: bytes, mode: mode) }.time
        let megabytes = Double(bytes.count) / 1e6
        return Figure(
            name: name,
            value: megabytes / time.milliseconds * 1000,
            unit: "MB/s",
            details: [
                ("milliseconds", time.milliseconds), ("megabytes", megabytes),
                ("peakGrowthKibibytes", Double(growth) / 1024),
            ]
        )
    }

    /// An object of which no field is known.
    private struct Nothing: JSONDecodable {
        init(from reader: inout JSONReader) throws(JSONError) {
            try reader.beginObject()
            while let key = try reader.nextKey() {
                switch key {
                case "known": throw JSONError(code: .invalidValue, message: "nothing is known", offset: reader.offset)
                default: try reader.skipValue()
                }
            }
        }
    }
}
