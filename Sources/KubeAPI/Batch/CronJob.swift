// SPDX-License-Identifier: Apache-2.0
public import JSON

/// Makes a Job again and again (`batch/v1`).
public struct CronJob: ObservedResource {
    public static let apiResource = APIResource(group: "batch", version: "v1", kind: "CronJob", plural: "cronjobs")

    public var metadata: ObjectMeta
    /// When, in the form of cron.
    public var schedule = ""
    /// By which clock.
    public var timeZone: String?
    /// Whether somebody has put it on hold.
    public var isSuspended = false
    /// `Allow`, `Forbid` or `Replace`.
    public var concurrencyPolicy = "Allow"
    /// How late a Job may begin.
    public var startingDeadlineSeconds: Int?
    /// The Jobs that run.
    public var active: [ObjectReference] = []
    /// When it made a Job last.
    public var lastScheduleTime: Timestamp?
    /// When a Job ended well last.
    public var lastSuccessfulTime: Timestamp?

    /// Creates an object with nothing but its metadata.
    public init(metadata: ObjectMeta) { self.metadata = metadata }

    public init(from reader: inout JSONReader) throws(JSONError) {
        self.init(metadata: ObjectMeta())
        try reader.readFields { (key, reader) throws(JSONError) in
            switch key {
            case "metadata": try reader.read(into: &metadata)
            case "spec":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "schedule": try reader.read(into: &schedule)
                    case "timeZone": try reader.read(into: &timeZone)
                    case "suspend": try reader.read(into: &isSuspended)
                    case "concurrencyPolicy": try reader.read(into: &concurrencyPolicy)
                    case "startingDeadlineSeconds": try reader.read(into: &startingDeadlineSeconds)
                    default: try reader.skipValue()
                    }
                }
            case "status":
                try reader.readFields { (key, reader) throws(JSONError) in
                    switch key {
                    case "active": try reader.read(into: &active)
                    case "lastScheduleTime": try reader.read(into: &lastScheduleTime)
                    case "lastSuccessfulTime": try reader.read(into: &lastSuccessfulTime)
                    default: try reader.skipValue()
                    }
                }
            default: try reader.skipValue()
            }
        }
    }
}
