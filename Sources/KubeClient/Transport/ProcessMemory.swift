// SPDX-License-Identifier: Apache-2.0
import CCurl

#if canImport(Glibc)
import Glibc
#endif

/// The memory of this process.
package enum ProcessMemory {
    /// Has the C library give large blocks back to the system as soon as they are free; call it when a program starts.
    ///
    /// glibc takes the size of the largest block that was ever freed for small from then on, and puts the text of a
    /// list between the objects that are read from it: there it leaves holes that nobody can use. It also has eight
    /// heaps for each processor, which a program that waits for a network does not need. `MALLOC_MMAP_THRESHOLD_` and
    /// `MALLOC_ARENA_MAX` in the environment do the same for other programs.
    package static func favorReturning() {
        #if os(Linux)
        mallopt(M_MMAP_THRESHOLD, 128 << 10)
        mallopt(M_TRIM_THRESHOLD, 128 << 10)
        mallopt(M_ARENA_MAX, 2)
        #endif
    }

    /// Gives freed memory back to the system.
    ///
    /// The C library keeps what a large list took when it was read, for ever. Call this when such a list has been let
    /// go of; it takes some milliseconds.
    package static func returnUnused() {
        #if os(Linux)
        malloc_trim(0)
        #endif
    }

    /// Lets go of code that is not being run.
    ///
    /// Much of a program runs only once, when it starts, and stays in memory after that. The system reads it again when
    /// it is needed, mostly from its cache. Only pages that nothing ever writes to are let go of: those of files that
    /// are mapped to be executed.
    package static func releaseCode() {
        #if os(Linux)
        guard let bytes = try? File.read("/proc/self/maps", for: "what is mapped into this process") else { return }
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let fields = line.split(separator: " ", omittingEmptySubsequences: true)
            guard fields.count >= 6, fields[1] == "r-xp", fields[5].hasPrefix("/") else { continue }
            let ends = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard ends.count == 2, let start = UnsafeMutableRawPointer(bitPattern: ends[0]) else { continue }
            _ = madvise(start, Int(ends[1] - ends[0]), MADV_DONTNEED)
        }
        #endif
    }
}
