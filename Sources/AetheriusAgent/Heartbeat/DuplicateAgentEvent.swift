// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI

/// The Event by which a second agent under one name says that it is there: it may write nothing else about itself.
enum DuplicateAgentEvent {
    /// - Parameters:
    ///   - cluster: the name of the ClusterAgent.
    ///   - instance: the agent that says it; it does so once, so the name is the same when it is said again.
    static func make(for cluster: String, instance: String, message: String, at now: Timestamp) -> Event {
        let mailbox = AgentNames.mailbox(cluster)
        let id = Hash.sha256(Array(instance.utf8)).prefix(16)
        var event = Event(metadata: ObjectMeta(name: "duplicate-agent.\(id)", namespace: mailbox))
        // An Event lies where its object does, so the server has it; a ClusterAgent lies nowhere.
        event.involvedObject = ObjectReference(
            apiVersion: AetheriusGroup.apiVersion,
            kind: "ClusterAgent",
            namespace: mailbox,
            name: cluster
        )
        event.reason = EventReason.duplicateAgent
        event.message = message.bounded(toUTF8: 1024)
        event.type = "Warning"
        event.count = 1
        event.firstTimestamp = now.wholeSeconds
        event.lastTimestamp = now.wholeSeconds
        event.sourceComponent = FieldManager.agent
        event.reportingController = FieldManager.agent
        event.reportingInstance = instance.bounded(toUTF8: 128)
        return event
    }
}
