// SPDX-License-Identifier: Apache-2.0

/// Finds which of many phrases stand in a text, in one pass over its bytes.
///
/// Aho and Corasick's automaton: the time is linear in the text, whatever the text is. Case is ignored for ASCII.
struct PhraseMatcher: Sendable {
    /// A phrase that was found.
    struct Match: Hashable {
        /// Its position in the list of phrases.
        var phrase: Int
        /// Where it begins, in bytes.
        var start: Int
        /// Where the text goes on after it, in bytes.
        var end: Int
    }

    private let classOfByte: [UInt8]
    private let width: Int
    /// The next state, by state and class of byte.
    private let transitions: [UInt16]
    /// The phrases that end in a state.
    private let endings: [[Int]]
    /// How many bytes each phrase has.
    private let lengths: [Int]

    /// Creates a matcher.
    /// - Parameter phrases: in ASCII, without capitals, none empty.
    init(_ phrases: [String]) {
        var classOfByte = [UInt8](repeating: 0, count: 256)
        var width = 1
        for byte in phrases.joined().utf8 where classOfByte[Int(byte)] == 0 {
            classOfByte[Int(byte)] = UInt8(width)
            width += 1
        }
        for byte in UInt8(ascii: "A")...UInt8(ascii: "Z") { classOfByte[Int(byte)] = classOfByte[Int(byte | 0x20)] }

        // State 0 is the beginning; as the target of a transition it also means that there is none yet.
        var transitions = [UInt16](repeating: 0, count: width)
        var endings: [[Int]] = [[]]
        for (index, phrase) in phrases.enumerated() {
            var state = 0
            for byte in phrase.utf8 {
                let place = state * width + Int(classOfByte[Int(byte)])
                if transitions[place] == 0 {
                    transitions[place] = UInt16(endings.count)
                    endings.append([])
                    transitions += [UInt16](repeating: 0, count: width)
                }
                state = Int(transitions[place])
            }
            endings[state].append(index)
        }

        // Breadth first: where a phrase goes on no more, the longest end of it that begins another one does.
        var fallbacks = [Int](repeating: 0, count: endings.count)
        var queue = (0..<width).map { Int(transitions[$0]) }.filter { $0 != 0 }
        var position = 0
        while position < queue.count {
            let state = queue[position]
            position += 1
            for byteClass in 0..<width {
                let place = state * width + byteClass
                let next = Int(transitions[place])
                let fallback = Int(transitions[fallbacks[state] * width + byteClass])
                if next == 0 {
                    transitions[place] = UInt16(fallback)
                } else {
                    fallbacks[next] = fallback
                    endings[next] += endings[fallback]
                    queue.append(next)
                }
            }
        }
        self.classOfByte = classOfByte
        self.width = width
        self.transitions = transitions
        self.endings = endings
        lengths = phrases.map(\.utf8.count)
    }

    private func match(_ phrase: Int, end: Int) -> Match {
        Match(phrase: phrase, start: end - lengths[phrase], end: end)
    }

    /// Whether any of the phrases stands in a text.
    func matches(anyIn text: String) -> Bool { firstMatch(in: text) != nil }

    /// The phrase that ends first in a text.
    func firstMatch(in text: String) -> Match? {
        var text = text
        return text.withUTF8 { bytes in
            var state = 0
            for index in bytes.indices {
                state = Int(transitions[state * width + Int(classOfByte[Int(bytes[index])])])
                if let phrase = endings[state].first { return match(phrase, end: index + 1) }
            }
            return nil
        }
    }

    /// The phrases in a text, in the order in which they end; each time that one stands there.
    func matches(in text: String) -> [Match] {
        var text = text
        return text.withUTF8 { bytes in
            var found: [Match] = []
            var state = 0
            for index in bytes.indices {
                state = Int(transitions[state * width + Int(classOfByte[Int(bytes[index])])])
                // Whoever repeats a phrase a thousand times says nothing more with it.
                if !endings[state].isEmpty, found.count < 64 {
                    found += endings[state].map { match($0, end: index + 1) }
                }
            }
            return found
        }
    }
}
