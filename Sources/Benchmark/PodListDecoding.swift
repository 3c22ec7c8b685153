// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import JSON
import KubeAPI

/// Reading a list of 10,000 pods, as the operator does at each start, beside Foundation's decoder.
enum PodListDecoding: FigureGroup {
    static let name = "json-decode-podlist"
    private static let runs = 15
    private static let podCount = 10_000

    static func measure() async throws -> [Figure] {
        let bytes = PodListSample.make(pods: podCount)
        let data = Data(bytes)
        let growth = try Measurement.peakGrowth { try JSON.decode(ResourceList<Pod>.self, from: bytes) }.bytes
        let ours = try Measurement.best(of: runs) { try JSON.decode(ResourceList<Pod>.self, from: bytes) }
        let growthPerByte = Double(growth) / Double(bytes.count)
        guard growthPerByte < 2 else {
            throw BenchmarkError(message: "reading takes \(growthPerByte) times the text in memory, of at most 2")
        }
        let theirGrowth = try Measurement.peakGrowth { try JSONDecoder().decode(CodablePodList.self, from: data) }.bytes
        let theirs = try Measurement.best(of: 5) { try JSONDecoder().decode(CodablePodList.self, from: data) }
        try check(ours.value, theirs.value)

        let megabytes = Double(bytes.count) / 1e6
        let speed = megabytes / ours.time.milliseconds * 1000
        let theirSpeed = megabytes / theirs.time.milliseconds * 1000
        return [
            Figure(
                name: name,
                value: speed,
                unit: "MB/s",
                details: [
                    ("milliseconds", ours.time.milliseconds), ("megabytes", megabytes),
                    ("pods", Double(ours.value.items.count)), ("peakGrowthMegabytes", Double(growth) / 1e6),
                    ("peakGrowthPerInputByte", growthPerByte),
                    ("besidePeakGrowthMegabytes", Double(theirGrowth) / 1e6),
                    ("besideMilliseconds", theirs.time.milliseconds),
                ],
                beside: [("Foundation JSONDecoder", theirSpeed)],
                ratio: speed / theirSpeed
            )
        ]
    }

    /// Fails unless both have read the same, and all of it.
    private static func check(_ ours: ResourceList<Pod>, _ theirs: CodablePodList) throws {
        guard ours.metadata.resourceVersion == theirs.metadata.resourceVersion, ours.items.count == podCount else {
            throw BenchmarkError(message: "\(ours.items.count) pods were read")
        }
        guard ours.items == theirs.items.map(\.pod) else {
            throw BenchmarkError(message: "the two decoders have read different pods")
        }
    }
}
