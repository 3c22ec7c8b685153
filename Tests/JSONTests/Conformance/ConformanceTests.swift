// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@Suite("JSON: the cases of the conformance suites")
struct ConformanceTests {
    static let all =
        ConformanceCase.structures + ConformanceCase.numbers + ConformanceCase.strings + ConformanceCase.choices

    @Test("given a text of the table, when it is read strictly, then the verdict is that of the table", arguments: all)
    func strict(item: ConformanceCase) {
        let found: ConformanceCase.Verdict
        do {
            found = .accept(as: written(try JSON.decode(JSONValue.self, from: item.bytes, mode: .strict)))
        } catch {
            found = .refuse(error.code)
            #expect((0...item.bytes.count).contains(error.offset))
        }
        #expect(found == item.verdict)
        // Nothing may depend on whether anybody looks at the values.
        if case .refuse(let code) = item.verdict { #expect(strictRefusal(of: item.bytes) == code) }
    }

    @Test(
        "given a text of the table, when it is read leniently, then what strict takes is taken alike, and all is safe"
    )
    func lenient() {
        let memory = GuardedText(capacity: 1 << 20)
        for item in Self.all {
            let outcome = memory.readEveryWay(item.bytes)
            guard case .accept(let text) = item.verdict else { continue }
            #expect((try? outcome.tree.get()).map { written($0) } == text, "\(item.testDescription)")
            #expect(throws: Never.self, "\(item.testDescription)") {
                try JSON.decode(Skipped.self, from: item.bytes)
            }
        }
    }

    @Test("given a text of the table inside an unknown field, when it is read strictly, then the verdict is the same")
    func inUnknownField() {
        for item in Self.all where item.notation.utf8.count < 1000 {
            let whole = Array(#"{"unknown":"#.utf8) + item.bytes + Array(#","count":3}"#.utf8)
            let fixture = try? JSON.decode(Fixture.self, from: whole, mode: .strict)
            switch item.verdict {
            case .accept: #expect(fixture?.count == 3, "\(item.notation)")
            case .refuse: #expect(fixture == nil, "\(item.notation)")
            }
        }
    }

    @Test("given the table, when it is counted, then it has cases of every class and none twice")
    func completeness() {
        #expect(Set(Self.all.map(\.bytes)).count == Self.all.count)
        let accepted = Self.all.filter { if case .accept = $0.verdict { true } else { false } }
        #expect(accepted.count > 100)
        #expect(Self.all.count - accepted.count > 150)
        #expect(ConformanceCase.choices.allSatisfy { $0.choice != nil })
    }
}
