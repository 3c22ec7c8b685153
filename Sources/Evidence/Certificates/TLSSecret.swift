// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import JSON
import KubeAPI

/// The certificate of a Secret of type `kubernetes.io/tls`; its key is skipped while the Secret is read.
struct TLSSecret: KubernetesObject {
    var metadata = ObjectMeta()
    /// The file `tls.crt`; empty if there is none.
    var certificate: [UInt8] = []

    init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "metadata":
                try reader.read(into: &metadata)
                // kubectl apply keeps the whole object here, the key among it.
                metadata.annotations = [:]
            case "data": if try !reader.readNull() { try readData(&reader) }
            default: try reader.skipValue()
            }
        }
    }

    private mutating func readData(_ reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "tls.crt": certificate = Data(base64Encoded: try reader.readString()).map { Array($0) } ?? []
            default: try reader.skipValue()
            }
        }
    }

    func encode(to writer: inout JSONWriter) {
        writer.object { writer in writer.field("metadata", metadata) }
    }
}
