// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import KubeAPI

/// What to look at, as it was typed.
struct Question: ParsableArguments {
    @Argument(
        help: ArgumentHelp("What to look at, such as deployment/web. Without it: everything.", valueName: "kind/name"),
        completion: .list(SubjectName.words)
    )
    var subject: String?

    @Argument(help: ArgumentHelp("The name, if only the kind comes before it: deployment web.", valueName: "name"))
    var name: String?

    @Option(
        name: [.customShort("n", allowingJoined: true), .long],
        help: ArgumentHelp("The namespace. Without it: that of the context.", valueName: "namespace")
    )
    var namespace: String?

    @Flag(name: [.customShort("A"), .long], help: "Look at all namespaces.")
    var allNamespaces = false

    /// Says what makes no sense together.
    ///
    /// The parser would ask for this before it has found the options that do not exist, and so blame their values.
    func check() throws {
        if let namespace { try Self.check(namespace, allNamespaces: allNamespaces) }
        let reference: ObjectReference?
        do throws(SubjectName.Problem) {
            reference = try self.reference
        } catch {
            throw ValidationError(error.message)
        }
        guard let reference else { return }
        if allNamespaces {
            throw ValidationError("-A looks at everything; leave out -A, and type -n <namespace> with the object")
        }
        if reference.kind == "Namespace", namespace != nil {
            throw ValidationError("a namespace is in no other; leave out -n with namespace/\(reference.name)")
        }
    }

    /// Says why a namespace cannot be meant.
    static func check(_ namespace: String, allNamespaces: Bool) throws {
        guard isNamespace(namespace) else {
            throw ValidationError(
                "'\(namespace)' cannot be the name of a namespace; type lower-case letters, digits and dashes, "
                    + "such as -n shop"
            )
        }
        if allNamespaces {
            throw ValidationError("-A and -n exclude each other; type -A for all namespaces or -n for one")
        }
    }

    /// The object as it was typed, without a namespace; nil for everything.
    var reference: ObjectReference? {
        get throws(SubjectName.Problem) { try SubjectName.parse([subject, name].compactMap { $0 }) }
    }

    /// A DNS label, as the server wants it.
    private static func isNamespace(_ text: String) -> Bool {
        func isLetterOrDigit(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        guard (1...63).contains(text.utf8.count), let first = text.utf8.first, let last = text.utf8.last else {
            return false
        }
        return isLetterOrDigit(first) && isLetterOrDigit(last)
            && text.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
    }
}
