// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeRuntime
import Synchronization

/// What a reflector tells, in words; a list is one entry, once it is complete.
final class ReflectorJournal: Sendable {
    let events = Journal<String>()
    private let listed = Mutex<[String]>([])

    func receive(_ event: ReflectorEvent<Widget>) {
        switch event {
        case .listing: listed.withLock { $0 = [] }
        case .listed(let object):
            listed.withLock { names in
                names.removeAll { $0 == object.metadata.name }
                names.append(object.metadata.name)
            }
        case .unlisted(let object): listed.withLock { $0.removeAll { $0 == object.metadata.name } }
        case .replaced(let version): events.append("replaced \(listed.withLock { $0 }) at \(version)")
        case .applied(let object): events.append("applied \(object.metadata.name)")
        case .deleted(let object): events.append("deleted \(object.metadata.name)")
        case .bookmark(let version): events.append("bookmark \(version)")
        }
    }
}
