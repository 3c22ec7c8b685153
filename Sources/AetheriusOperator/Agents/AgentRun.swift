// SPDX-License-Identifier: Apache-2.0

/// With which settings of the connection a Remote agent runs that somebody else applies.
///
/// The hub cannot see what is in the far cluster. But settings that have changed make a new pod as soon as they are
/// applied there, so an agent that ran before the change and still runs has the settings from before it.
struct AgentRun: Sendable, Hashable {
    /// The run of the agent, as it calls itself.
    var instance: String
    /// Hash of the settings that it began with.
    var settings: String

    /// - Parameters:
    ///   - instance: the run that the agent has reported last; nil if it never has.
    ///   - settings: hash of the settings as they are now.
    ///   - before: what was known so far.
    ///   - settingsBefore: hash of the settings as they were so far; nil if that is not known.
    init?(instance: String?, settings: String, before: AgentRun?, settingsBefore: String?) {
        guard let instance, !instance.isEmpty else { return nil }
        self.instance = instance
        self.settings = before?.instance == instance ? before?.settings ?? settings : settingsBefore ?? settings
    }

    /// Reads the text of an annotation; nil if it is none.
    init?(path: String) {
        let parts = path.split(separator: "/", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        (settings, instance) = (String(parts[0]), String(parts[1]))
    }

    /// The run as the text of an annotation.
    var path: String { "\(settings)/\(instance)" }

    /// Whether the agent runs with other settings than these.
    func isOutdated(by settings: String) -> Bool { self.settings != settings }
}
