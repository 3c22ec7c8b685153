// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import JSON
import Testing

@Suite("JSON: random and damaged texts, with Foundation as the oracle")
struct FuzzTests {
    @Test("given texts from fixed seeds, when both readers look at them, then they agree", arguments: 0..<4)
    func fixedSeeds(part: UInt64) {
        var check = FuzzCheck()
        for seed in part * 1000..<part * 1000 + 250 {
            let bytes = FuzzText.make(seed: seed)
            guard let problem = check.check(bytes) else { continue }
            Self.report(problem, bytes, seed: seed)
        }
        // Else the texts are too good or too bad to find anything.
        #expect(check.accepted > 50)
        #expect(check.refused > 50)
    }

    /// What `make fuzz` runs.
    @Test(
        "given texts from new seeds for as long as was asked, when both readers look at them, then they agree",
        .enabled(if: environment("FUZZ_SECONDS") != nil, "run it by 'make fuzz'")
    )
    func newSeeds() throws {
        let seconds = try #require(environment("FUZZ_SECONDS").flatMap(Double.init), "FUZZ_SECONDS is no number")
        let first = environment("FUZZ_SEED").flatMap(UInt64.init) ?? UInt64.random(in: 0..<1 << 40)
        let clock = ContinuousClock()
        let start = clock.now
        var lastWord = start
        var check = FuzzCheck()
        var problems = 0
        var seed = first
        func say(_ check: FuzzCheck) {
            let differences = FuzzCheck.Difference.allCases.map { "\($0) \(check.differences[$0, default: 0])" }
            print(
                "seeds \(first)..<\(seed): \(check.accepted) accepted, \(check.refused) refused, \(problems) wrong; "
                    + "on purpose: \(differences.joined(separator: ", "))"
            )
        }
        print("FUZZ_SEED=\(first)")
        while problems < 20, (clock.now - start) / .seconds(1) < seconds {
            let bytes = FuzzText.make(seed: seed)
            if let problem = check.check(bytes) {
                problems += 1
                Self.report(problem, bytes, seed: seed)
            }
            seed += 1
            if clock.now - lastWord > .seconds(5) {
                lastWord = clock.now
                say(check)
            }
        }
        say(check)
    }

    private static func report(_ problem: String, _ bytes: [UInt8], seed: UInt64) {
        Issue.record(
            "FUZZ_SEED=\(seed): \(problem)\n\(String(decoding: bytes, as: UTF8.self).debugDescription)\n\(bytes)"
        )
    }
}

private func environment(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }
