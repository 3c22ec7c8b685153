// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@Suite("JSON: random trees, with Foundation as the oracle")
struct RandomTreeTests {
    @Test("given random trees, when they are written and read, then they are equal", arguments: 0..<8)
    func roundTrip(seed: Int) throws {
        var random = SplitMix(state: UInt64(seed))
        for _ in 0..<60 {
            let value = RandomTree.make(&random, depth: 4)
            let bytes = JSON.encode(value)
            guard try JSON.decode(JSONValue.self, from: bytes) == value else {
                Issue.record("seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
                return
            }
        }
    }

    @Test("given random trees in random notation, when both read them, then Foundation agrees", arguments: 0..<8)
    func agreement(seed: Int) throws {
        var random = SplitMix(state: UInt64(seed) &+ 1000)
        for _ in 0..<40 {
            var text = ""
            RandomText.write(RandomTree.make(&random, depth: 4), to: &text, &random)
            let ours = try JSON.decode(JSONValue.self, from: text)
            guard let theirs = Oracle.read(Array(text.utf8)), theirs.agrees(with: ours) else {
                Issue.record("seed \(seed): \(text)")
                return
            }
        }
    }
}
