// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

#if canImport(Glibc)
import Glibc
#endif

/// One of the program's outputs, as far as somebody may be watching it.
struct Terminal {
    private let descriptor: Int32

    static let output = Terminal(descriptor: STDOUT_FILENO)
    static let errors = Terminal(descriptor: STDERR_FILENO)

    /// Whether a person reads this, rather than a file or another program.
    var isInteractive: Bool { isatty(descriptor) == 1 }

    /// How many characters fit into a line; nil where lines may be as long as they want.
    ///
    /// `COLUMNS` decides if it is set, as for other programs.
    var width: Int? {
        if let columns = ProcessInfo.processInfo.environment["COLUMNS"].flatMap({ Int($0) }), columns > 0 {
            return columns
        }
        guard isInteractive else { return nil }
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}
