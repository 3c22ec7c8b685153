// SPDX-License-Identifier: Apache-2.0
import Archive
import Testing

@Suite struct ArchiveTests {
    @Test("given plain files, then their paths and contents are found")
    func plainFiles() throws {
        let tar =
            TarText.file("./shop/pods.json", "pods") + TarText.entry("shop/", type: "5") + TarText.file("a", "")
            + TarText.end
        let entries = try TarReader.entries(of: tar)
        #expect(entries.map(\.path) == ["shop/pods.json", "a"])
        #expect(Array(tar[entries[0].range]) == Array("pods".utf8))
    }

    @Test("given the long names of pax and GNU, then they are read, and only for the entry after them")
    func longNames() throws {
        let long = String(repeating: "d/", count: 150) + "pods.json"
        let pax = TarText.pax("path=\(long)")
        let tar =
            TarText.entry("x", type: "x", content: pax) + TarText.file("short", "1")
            + TarText.entry("././@LongLink", type: "L", content: long + "\0") + TarText.file("short", "2")
            + TarText.file("plain", "3") + TarText.end
        #expect(try TarReader.entries(of: tar).map(\.path) == [long, long, "plain"])
    }

    @Test(
        "given an entry that is no file or leads out of the archive, then the archive is refused by its name",
        arguments: [
            (TarText.file("../evil", "x"), "../evil"), (TarText.file("shop/../../evil", "x"), "shop/../../evil"),
            (TarText.file("/etc/evil", "x"), "absolute"),
            (TarText.entry("ln", type: "2", link: "/etc/passwd"), "symbolic"),
            (TarText.entry("hard", type: "1", link: "a"), "hard link"), (TarText.entry("dev", type: "3"), "device"),
            (TarText.entry("disk", type: "4"), "device"), (TarText.entry("fifo", type: "6"), "pipe"),
            (TarText.entry("holes", type: "S"), "sparse"), (TarText.entry("odd", type: "Z"), "unknown type"),
            (
                TarText.entry("x", type: "x", content: TarText.pax("path=../evil")) + TarText.file("fine", "x"),
                "../evil"
            ),
            (
                TarText.entry("x", type: "x", content: TarText.pax("GNU.sparse.major=1")) + TarText.file("f", "x"),
                "sparse"
            ),
            (TarText.entry("x", type: "x", content: TarText.pax("linkpath=/etc")) + TarText.file("f", "x"), "link"),
        ]
    )
    func hostileEntries(bytes: [UInt8], hint: String) throws {
        let error = try #require(throws: ArchiveError.self) { try TarReader.entries(of: bytes + TarText.end) }
        #expect(error.code == .unsafeEntry)
        #expect(error.message.contains(hint), "\(error)")
    }

    @Test("given more entries or longer names than the limits allow, then the archive is too large")
    func bounds() throws {
        var limits = TarReader.Limits()
        limits.entries = 2
        let three = TarText.file("a", "") + TarText.file("b", "") + TarText.file("c", "") + TarText.end
        #expect(throws: ArchiveError.self) { try TarReader.entries(of: three, limits: limits) }
        let name = String(repeating: "n", count: 2000)
        let long =
            TarText.entry("x", type: "x", content: TarText.pax("path=\(name)")) + TarText.file("f", "") + TarText.end
        let error = try #require(throws: ArchiveError.self) { try TarReader.entries(of: long) }
        #expect(error.code == .tooLarge)
        let gnu = TarText.entry("L", type: "L", content: name) + TarText.file("f", "") + TarText.end
        #expect(throws: ArchiveError.self) { try TarReader.entries(of: gnu) }
    }

    @Test("given a header that is damaged, cut off or lies about its size, then the archive is refused")
    func damage() {
        var changed = TarText.file("pods.json", "x") + TarText.end
        changed[3] ^= 1
        let cut = Array((TarText.file("pods.json", "x")).prefix(512))
        let liar = TarText.entry("pods.json", type: "0", size: 1 << 30) + TarText.end
        for bytes in [changed, cut, liar, [], Array("no archive at all".utf8)] {
            #expect(throws: ArchiveError.self) { try TarReader.entries(of: bytes) }
        }
    }

    @Test("given what gzip packs with fixed codes, dynamic codes or not at all, then it is unpacked")
    func gzip() throws {
        #expect(try Gzip.unpack(TarText.stored("hello")) == Array("hello".utf8))
        // printf hello | gzip -n
        let fixed: [UInt8] = [
            0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0, 0x86, 0xA6, 0x10, 0x36, 5, 0, 0,
            0,
        ]
        #expect(try Gzip.unpack(fixed) == Array("hello".utf8))
        #expect(try Gzip.unpack(fixed + fixed) == Array("hellohello".utf8))
        #expect(try Gzip.unpack(TarText.dynamic) == TarText.dynamicContent)
        var wrong = fixed
        wrong[18] ^= 1
        #expect(throws: ArchiveError.self) { try Gzip.unpack(wrong) }
        for count in 0..<(fixed.count - 1) {
            #expect(throws: ArchiveError.self) { try Gzip.unpack([0x1F] + fixed[1...].prefix(count)) }
        }
    }

    @Test("given bytes that unfold into far more, then unpacking ends at the bound")
    func bomb() throws {
        var limits = Gzip.Limits()
        limits.freeBytes = 1000
        limits.ratio = 5
        let error = try #require(throws: ArchiveError.self) { try Gzip.unpack(TarText.dynamic, limits: limits) }
        #expect(error.code == .tooLarge)
        limits.ratio = 200
        limits.bytes = TarText.dynamicContent.count - 1
        #expect(throws: ArchiveError.self) { try Gzip.unpack(TarText.dynamic, limits: limits) }
    }
}
