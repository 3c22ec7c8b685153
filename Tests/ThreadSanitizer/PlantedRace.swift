// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// What ThreadSanitizer has to find, and what it must not.
///
/// `PlantedRace locked` has threads contend for a Mutex, which is correct; `PlantedRace unlocked` has them write the
/// same variable without one.
@main
enum PlantedRace {
    /// Not Sendable by right: that is the race.
    final class Unlocked: @unchecked Sendable {
        var count = 0
    }

    final class Locked: Sendable {
        let values = Mutex<[Int]>([])
    }

    static func main() async {
        if CommandLine.arguments.dropFirst().first == "unlocked" {
            let unlocked = Unlocked()
            await eachOfFour { unlocked.count += 1 }
            print("counted to \(unlocked.count)")
        } else {
            let locked = Locked()
            @Sendable func note(_ values: inout [Int]) {
                if values.count > 100 { values = [] }
                values.append(values.count)
            }
            await eachOfFour {
                if locked.values.withLockIfAvailable({ note(&$0) }) == nil { locked.values.withLock { note(&$0) } }
            }
            print("left \(locked.values.withLock { $0.count })")
        }
    }

    private static func eachOfFour(_ work: @escaping @Sendable () -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { for _ in 0..<200_000 { work() } }
            }
        }
    }
}
