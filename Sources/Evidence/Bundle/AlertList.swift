// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import JSON
import KubeAPI

/// The alerts of an Alertmanager, as its API lists them, or as it or Prometheus wraps the list.
struct AlertList: JSONDecodable {
    private(set) var alerts: [Alert] = []

    init(from reader: inout JSONReader) throws(JSONError) {
        switch try reader.peekKind() {
        case .array: alerts = try [AlertItem](from: &reader).map(\.alert)
        case .object:
            try reader.beginObject()
            while let key = try reader.nextKey() {
                switch key {
                case "alerts", "data": alerts += try AlertList(from: &reader).alerts
                default: try reader.skipValue()
                }
            }
        default: try reader.skipValue()
        }
    }
}

private struct AlertItem: JSONDecodable {
    var alert = Alert(labels: [:])

    init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "labels": try reader.read(into: &alert.labels)
            case "annotations": try reader.read(into: &alert.annotations)
            case "startsAt", "activeAt": try reader.read(into: &alert.startsAt)
            default: try reader.skipValue()
            }
        }
    }
}
