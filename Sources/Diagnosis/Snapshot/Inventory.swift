// SPDX-License-Identifier: Apache-2.0
public import KubeAPI

/// The objects of one kind that were seen, and how far one can conclude that there are no others.
///
/// A read that failed, was cut off or never happened leaves the inventory without coverage: it then says of an object
/// that is not in it that nobody knows, and never that it is missing. Looking an object up takes constant time.
public struct Inventory<Object: KubernetesObject>: Sendable {
    /// The objects, in the order in which they were seen.
    public private(set) var items: [Object] = []
    /// Where absence means something.
    public private(set) var coverage = Coverage.nothing
    /// Why something could not be read.
    public private(set) var gaps: [Unreadable] = []
    private var positions: [ObjectKey: Int] = [:]
    private var namespaces: [String: [Int]] = [:]
    private let kind: @Sendable (Object) -> String

    /// Creates an inventory that nobody has filled yet.
    public init() { kind = { _ in "" } }

    /// Creates an inventory of several kinds, whose objects may have the same name.
    init(byKind kind: @escaping @Sendable (Object) -> String) { self.kind = kind }

    /// Creates an inventory of what was seen.
    public init(_ items: [Object], coverage: Coverage) {
        self.init()
        add(items, coverage: coverage)
    }

    /// Whether somebody has tried to read objects of this kind.
    public var wasRead: Bool { coverage != .nothing || !items.isEmpty || !gaps.isEmpty }

    /// Whether all objects of a namespace are here; without a namespace: of the cluster.
    public func isComplete(in namespace: String? = nil) -> Bool { coverage.includes(namespace) }

    /// The object of a name; of a mixed inventory, that of the kind.
    public subscript(name: String, in namespace: String = "", kind kind: String = "") -> Object? {
        positions[ObjectKey(kind: kind, namespace: namespace, name: name)].map { items[$0] }
    }

    /// Whether there is an object of a name; nil if nobody knows.
    public func contains(_ name: String, in namespace: String = "", kind: String = "") -> Bool? {
        guard positions[ObjectKey(kind: kind, namespace: namespace, name: name)] == nil else { return true }
        return isComplete(in: namespace) ? false : nil
    }

    /// The objects of one namespace.
    public func items(in namespace: String) -> [Object] { (namespaces[namespace] ?? []).map { items[$0] } }

    // MARK: Filling

    /// Adds what was seen; an object that is here already is replaced.
    public mutating func add(_ objects: [Object], coverage: Coverage) {
        self.coverage = self.coverage.union(coverage)
        items.reserveCapacity(items.count + objects.count)
        for object in objects {
            let key = ObjectKey(kind: kind(object), object.metadata)
            if let position = positions[key] {
                items[position] = object
                continue
            }
            positions[key] = items.count
            namespaces[key.namespace, default: []].append(items.count)
            items.append(object)
        }
    }

    /// Notes that something could not be read.
    public mutating func add(gap: Unreadable) { gaps.append(gap) }

    /// Changes every object; names and namespaces have to stay.
    public mutating func update(_ change: (inout Object) -> Void) {
        for index in items.indices { change(&items[index]) }
    }

    /// Leaves out some objects, and with them the conclusion that what is not here is not there.
    public mutating func keep(_ isKept: (Object) -> Bool) {
        let kept = items.filter(isKept)
        guard kept.count < items.count else { return }
        items = []
        positions = [:]
        namespaces = [:]
        coverage = .nothing
        add(kept, coverage: .nothing)
    }
}
