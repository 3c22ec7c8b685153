// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI

/// What somebody who looks for trouble keeps of a pod: where it is, and how its containers are.
struct PodState: KubernetesObject {
    struct Container: JSONDecodable {
        var name = ""
        var isReady = false
        var restartCount = 0
        var waitingReason: String?
        var exitCode: Int?

        init(from reader: inout JSONReader) throws(JSONError) {
            let status = try ContainerStatus(from: &reader)
            name = status.name
            isReady = status.isReady
            restartCount = status.restartCount
            waitingReason = status.state.waiting?.reason
            exitCode = (status.state.terminated ?? status.lastState.terminated)?.exitCode
        }
    }

    var metadata = ObjectMeta()
    var nodeName: String?
    var phase = ""
    var reason: String?
    var unmetConditions: [String] = []
    var containers: [Container] = []

    init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "metadata":
                try reader.read(into: &metadata)
                metadata.annotations = [:]
            case "spec": try readSpec(&reader)
            case "status": try readStatus(&reader)
            default: try reader.skipValue()
            }
        }
    }

    private mutating func readSpec(_ reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "nodeName": try reader.readShared(into: &nodeName)
            default: try reader.skipValue()
            }
        }
    }

    private mutating func readStatus(_ reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "phase": try reader.read(into: &phase)
            case "reason": try reader.read(into: &reason)
            case "conditions":
                let conditions = try [Condition](from: &reader)
                unmetConditions = conditions.filter { $0.status != .true }.map(\.type)
            case "containerStatuses": try reader.read(into: &containers)
            default: try reader.skipValue()
            }
        }
    }

    func encode(to writer: inout JSONWriter) {
        writer.object { writer in writer.field("metadata", object: { metadata.encode(to: &$0) }) }
    }
}
