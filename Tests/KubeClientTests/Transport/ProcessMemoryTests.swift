// SPDX-License-Identifier: Apache-2.0
import KubeClient
import Testing

@Suite struct ProcessMemoryTests {
    /// How much of this process's own code is in memory, in KiB.
    private func residentCode() throws -> Int {
        let text = String(decoding: try File.read("/proc/self/smaps", for: "a test"), as: UTF8.self)
        var (isCode, sum) = (false, 0)
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count >= 5, words[0].contains("-") { isCode = words[1] == "r-xp" && line.contains("/") }
            if isCode, words.first == "Rss:", words.count > 1 { sum += Int(words[1]) ?? 0 }
        }
        return sum
    }

    @Test("given code that has run once, then it is let go of, and comes back when it is needed")
    func releaseCode() throws {
        let before = try residentCode()
        ProcessMemory.releaseCode()
        let after = try residentCode()
        // Other tests go on meanwhile and bring some back.
        #expect(after < before, "\(before) KiB before, \(after) KiB after")
        #expect(after > 0)
        #expect([3, 1, 2].sorted() == [1, 2, 3])
    }
}
