// SPDX-License-Identifier: Apache-2.0

/// Numbers in sentences.
enum Count {
    /// `1 restart`, `2 restarts`.
    static func text(_ number: Int, _ singular: String) -> String {
        "\(number) \(singular)\(number == 1 ? "" : "s")"
    }
}
