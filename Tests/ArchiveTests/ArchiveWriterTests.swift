// SPDX-License-Identifier: Apache-2.0
import Archive
import Testing

@Suite("Writing archives")
struct ArchiveWriterTests {
    private func pack(_ pieces: [[UInt8]]) -> [UInt8] {
        var writer = GzipWriter()
        var bytes = pieces.flatMap { writer.write($0) }
        bytes += writer.finish()
        return bytes
    }

    @Test("given nothing, one byte, all bytes, runs and text of any length, then what was packed is unpacked again")
    func roundTrip() throws {
        var random = SystemRandomNumberGenerator()
        let noise = (0..<100_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        let text = (0..<20_000).flatMap { Array(#"{"name": "pod-\#($0 % 977)", "ready": true}"#.utf8) }
        let run = [UInt8](repeating: 7, count: 70_000)
        for content in [[], [42], Array(0...255), run, noise, text, text + noise + text] {
            #expect(try Gzip.unpack(pack([content])) == content)
        }
    }

    @Test("given a stream in pieces, then where they were cut makes no difference")
    func pieces() throws {
        let content = (0..<40_000).flatMap { Array("line \($0 * $0 % 1013)\n".utf8) }
        let pieces = stride(from: 0, to: content.count, by: 777).map {
            Array(content[$0..<min($0 + 777, content.count)])
        }
        #expect(pack(pieces) == pack([content]))
        #expect(try Gzip.unpack(pack(pieces)) == content)
    }

    @Test("given a match of each length and distance, then it is found again")
    func matches() throws {
        for length in 3...258 {
            for distance in [1, 2, 5, 300, 4097, 24_577, 32_768] where distance >= length || distance < 6 {
                let word = (0..<max(length, 1)).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ length) }
                let gap = (0..<max(0, distance - length)).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) }
                let content = word + gap + word
                #expect(try Gzip.unpack(pack([content])) == content, "\(length) bytes, \(distance) back")
                guard length % 64 == 3 else { break }
            }
        }
    }

    @Test("given JSON of many like objects, then it gets much smaller")
    func size() {
        let text = (0..<5000).flatMap { Array(#"{"metadata": {"name": "pod-\#($0)", "namespace": "shop"}}"#.utf8) }
        #expect(pack([text]).count < text.count / 4)
    }

    @Test("given files with short, long and empty content and names, then the reader finds them as they were")
    func tar() throws {
        let long = String(repeating: "directory/", count: 30) + "pods.json"
        let files: [(String, [UInt8])] = [
            ("pods.json", Array("pods".utf8)), ("shop/empty.json", []), (long, [UInt8](repeating: 1, count: 5000)),
            ("logs/shop/web-1/app.log", [UInt8](repeating: 10, count: 512)),
        ]
        let archive = files.flatMap { TarWriter.entry($0.0, $0.1, modified: 1_800_000_000) } + TarWriter.end
        let entries = try TarReader.entries(of: archive)
        #expect(entries.map(\.path) == files.map(\.0))
        for (entry, file) in zip(entries, files) { #expect(Array(archive[entry.range]) == file.1) }
    }
}
