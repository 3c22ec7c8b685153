// SPDX-License-Identifier: Apache-2.0
import CCurl

/// The memory of this process.
package enum ProcessMemory {
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
