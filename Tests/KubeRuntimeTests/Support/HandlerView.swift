// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeRuntime
import Synchronization

/// What a handler believes to be there.
final class HandlerView: Sendable {
    let mistakes = Journal<String>()
    let sawLast = Gate()
    private let state = Mutex<[ObjectKey: String]>([:])

    var content: [ObjectKey: String] { state.withLock { $0 } }

    func receive(_ event: InformerEvent<Widget>) {
        let version = event.object.metadata.resourceVersion ?? ""
        state.withLock { content in
            switch event {
            case .added:
                if content[event.key] != nil { mistakes.append("added twice: \(event.key)") }
                content[event.key] = version
            case .updated:
                if content[event.key] == nil { mistakes.append("updated before it was added: \(event.key)") }
                content[event.key] = version
            case .deleted:
                if content[event.key] == nil { mistakes.append("deleted before it was added: \(event.key)") }
                content[event.key] = nil
            }
        }
        if event.object.metadata.name == "last" { sawLast.open() }
    }
}

/// An event in words.
func describe(_ event: InformerEvent<Widget>) -> String {
    let name = event.object.metadata.name
    switch event {
    case .added(_, let initial): return "+\(name)\(initial ? " initially" : "")"
    case .updated: return "~\(name)"
    case .deleted(_, let unknown): return "-\(name)\(unknown ? " unseen" : "")"
    }
}
