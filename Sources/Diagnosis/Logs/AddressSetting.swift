// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// An environment variable of a container that holds the address of a server.
struct AddressSetting: Hashable {
    /// The variable, or the two that hold host and port.
    var variables: [String]
    /// The address.
    var target: ConnectionTarget
    /// The ConfigMap that the value comes from; nil if it stands in the container's own description.
    var configMap: ObjectReference?

    /// The addresses in the environment of a container.
    ///
    /// Values from Secrets are not known, and neither are files and arguments.
    static func all(of container: Container, in namespace: String, _ snapshot: Snapshot) -> [AddressSetting] {
        let variables = values(of: container, in: namespace, snapshot)
        var settings: [AddressSetting] = []
        var ports: [String: (name: String, port: Int)] = [:]
        for (name, value, _) in variables {
            if name.hasSuffix("PORT"), let port = Int(value), (1...65535).contains(port) {
                ports[String(name.dropLast(4)).trimmedSeparator] = (name, port)
            }
        }
        for (name, value, configMap) in variables where value.utf8.count <= 2048 {
            let ending = hostEnding(of: name)
            let stem = ending.map { String(name.dropLast($0.utf8.count)).trimmedSeparator } ?? name
            // HOST goes with HOST_PORT; a PORT alone is the program's own.
            let sibling = ports[stem.isEmpty ? name : stem]
            // A word alone is an address only if its variable says so.
            let isNamed = ending != nil
            guard isNamed || sibling != nil || value.utf8.contains(UInt8(ascii: ":")) else { continue }
            for part in value.split(separator: ",").prefix(16) {
                let text = Substring(decoding: part.utf8.filter { $0 > 0x20 }, as: UTF8.self)
                guard var target = ConnectionTarget(setting: text), !target.isLocal else { continue }
                var names = [name]
                if target.port == nil, let sibling {
                    target.port = sibling.port
                    names.append(sibling.name)
                }
                guard target.port != nil || target.scheme != nil || isNamed else { continue }
                settings.append(AddressSetting(variables: names, target: target, configMap: configMap))
            }
        }
        return settings
    }

    /// Where the setting stands, for people.
    var place: String {
        let names = variables.map { "$\($0)" }.joined(separator: " and ")
        return configMap.map { "\(names) from \($0)" } ?? names
    }

    private static func values(
        of container: Container,
        in namespace: String,
        _ snapshot: Snapshot
    ) -> [(name: String, value: String, configMap: ObjectReference?)] {
        var values: [(String, String, ObjectReference?)] = []
        for source in container.environmentSources {
            guard let name = source.configMap?.name, let map = snapshot.configMaps[name, in: namespace] else {
                continue
            }
            for (key, value) in map.data.sorted(by: { $0.key < $1.key }).prefix(500) {
                values.append((source.prefix + key, value, map.reference))
            }
        }
        for variable in container.environment {
            if let value = variable.value {
                values.append((variable.name, value, nil))
            } else if let key = variable.configMapKey, let map = snapshot.configMaps[key.name, in: namespace],
                let value = map.data[key.key]
            {
                values.append((variable.name, value, map.reference))
            }
        }
        return values
    }

    private static let hostEndings = [
        "HOSTNAME", "HOST", "ADDRESS", "ADDR", "SERVER", "ENDPOINT", "URL", "URI",
    ]

    /// How the name of a variable ends that holds a host: `DB_HOST` and `DB_PORT` have the stem `DB`.
    private static func hostEnding(of name: String) -> String? {
        let upper = name.uppercased()
        return hostEndings.first { ending in
            guard upper.hasSuffix(ending) else { return false }
            return upper.utf8.count == ending.utf8.count || upper.utf8.dropLast(ending.utf8.count).last == 0x5F
        }
    }
}

extension String {
    fileprivate var trimmedSeparator: String {
        var text = self[...]
        while let last = text.last, "_-.".contains(last) { text.removeLast() }
        return String(text)
    }
}
