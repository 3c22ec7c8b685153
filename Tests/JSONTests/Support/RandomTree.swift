// SPDX-License-Identifier: Apache-2.0
import JSON

enum RandomTree {
    static func make(_ random: inout SplitMix, depth: Int) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .integer(Int64(truncatingIfNeeded: random.next()) >> Int64.random(in: 0..<63, using: &random))
        case 3:
            // A whole double is written without fraction and read as an integer: by design, so not here.
            return .double(Double.random(in: -1e6...1e6, using: &random).rounded(.down) + 0.5)
        case 4, 5: return .string(string(&random))
        case 6:
            return .array((0..<Int.random(in: 0..<6, using: &random)).map { _ in make(&random, depth: depth - 1) })
        default:
            var object: JSONValue = [:]
            for _ in 0..<Int.random(in: 0..<6, using: &random) {
                object[string(&random)] = make(&random, depth: depth - 1)
            }
            return object
        }
    }

    private static func string(_ random: inout SplitMix) -> String {
        let pieces = ["a", "bc", "\"", "\\", "/", "\n", "\u{1}", "é", "東", "😀", " ", "name", "\u{7f}", "x-y.z"]
        return (0..<Int.random(in: 0..<9, using: &random))
            .map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }.joined()
    }
}
