// SPDX-License-Identifier: Apache-2.0
import JSON
import Testing

@Suite("JSON: damaged texts")
struct DamageTests {
    @Test(
        "given a rich text cut off at any byte, when it is read in any way, then it is refused and nothing read beyond"
    )
    func truncation() {
        let whole = Array(Fixture.text.utf8)
        let memory = GuardedText(capacity: whole.count)
        for count in 0..<whole.count {
            let outcome = memory.readEveryWay(Array(whole[..<count]))
            #expect(outcome.strict != nil, "strict, cut at \(count)")
            #expect((try? outcome.tree.get()) == nil, "lenient, cut at \(count)")
        }
        #expect(memory.readEveryWay(whole).strict == nil)
    }

    @Test("given a small text with any one byte made any other, when it is read in any way, then nothing crashes")
    func mutation() {
        let whole = Array(#"{"a":[-1.5e3,"\ud83d\ude39é",null],"b":{"title":true}}"#.utf8)
        let memory = GuardedText(capacity: whole.count)
        var accepted = 0
        for index in whole.indices {
            for byte in UInt8.min...UInt8.max {
                var changed = whole
                changed[index] = byte
                let outcome = memory.readEveryWay(changed)
                guard outcome.strict == nil else { continue }
                accepted += 1
                // What strict takes, lenient takes.
                #expect((try? outcome.tree.get()) != nil, "\(String(decoding: changed, as: UTF8.self))")
            }
        }
        // Letters and digits may change; the grammar may not.
        #expect((whole.count...whole.count * 100).contains(accepted))
    }

    @Test("given a text with any one byte taken out or put in twice, when it is read in any way, then nothing crashes")
    func shifts() {
        let whole = Array(Fixture.text.utf8)
        let memory = GuardedText(capacity: whole.count + 1)
        for index in whole.indices {
            var shorter = whole
            shorter.remove(at: index)
            _ = memory.readEveryWay(shorter)
            var longer = whole
            longer.insert(whole[index], at: index)
            _ = memory.readEveryWay(longer)
        }
        #expect(memory.readEveryWay(whole).strict == nil)
    }
}
