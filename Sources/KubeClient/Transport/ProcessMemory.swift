// SPDX-License-Identifier: Apache-2.0
import CCurl

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
}
