// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// The schedule of a CronJob cannot be read, or never comes.
    public static let cronScheduleInvalid = CauseClass(rawValue: "CronJobScheduleInvalid")
    /// The cluster does not know the time zone of a CronJob.
    public static let cronTimeZoneInvalid = CauseClass(rawValue: "CronJobTimeZoneInvalid")
    /// A CronJob has missed so many starts that it makes no more Jobs.
    public static let cronStartsMissed = CauseClass(rawValue: "CronJobStartsMissed")
    /// A CronJob may start only so shortly after its time that it hardly ever does.
    public static let cronDeadlineTooShort = CauseClass(rawValue: "CronJobDeadlineTooShort")
    /// A CronJob that allows one Job at a time waits for one that does not end.
    public static let cronJobBlocked = CauseClass(rawValue: "CronJobBlockedByActiveJob")
    /// A CronJob's time has come, and no Job was made.
    public static let cronJobNotScheduled = CauseClass(rawValue: "CronJobNotScheduled")
}

/// CronJobs that ought to have made a Job and have not.
///
/// One that somebody has put on hold makes none on purpose.
struct CronJobAnalyzer: Analyzer {
    /// How late a Job may be; the controller looks every ten seconds.
    private static let patience = Duration.seconds(300)
    /// The deadline below which the controller may miss every start.
    private static let shortestDeadline = 10

    func findings(in snapshot: Snapshot) -> [Finding] {
        snapshot.cronJobs.items.compactMap { cronJob in
            guard !cronJob.isSuspended, cronJob.metadata.deletionTimestamp == nil else { return nil }
            return finding(cronJob, in: snapshot)
        }
    }

    private func finding(_ cronJob: CronJob, in snapshot: Snapshot) -> Finding? {
        let schedule: CronSchedule
        do throws(CronSchedule.Failure) {
            schedule = try CronSchedule(cronJob.scheduleWithoutTimeZone)
        } catch {
            return finding(
                .cronScheduleInvalid,
                cronJob,
                "its schedule cannot be read: \(error.message)",
                confidence: 0.95
            )
        }
        let events = snapshot.events(about: cronJob.reference)
        if let event = events.first(where: { $0.reason == "UnknownTimeZone" || $0.message.contains("invalid timeZone") }
        ) {
            let zone = cronJob.timeZone ?? ""
            return finding(.cronTimeZoneInvalid, cronJob, "nobody knows its time zone \(zone)", confidence: 0.95, event)
        }
        guard let since = cronJob.lastScheduleTime ?? cronJob.metadata.creationTimestamp else { return nil }
        // In another time zone the times of a day are others: the last run may stand in UTC's schedule up to 14 hours
        // later than it was, and a day after its time every zone has had the next.
        let isLocal = cronJob.isLocal
        guard let due = schedule.next(after: since.advanced(by: isLocal ? .seconds(14 * 3600) : .zero)) else {
            return finding(.cronScheduleInvalid, cronJob, "the time of its schedule never comes", confidence: 0.95)
        }
        let allowance = Self.patience + (isLocal ? .seconds(86400) : .zero)
        guard snapshot.takenAt.since(due) > allowance else { return nil }
        return overdue(cronJob, events)
    }

    /// Why no Job was made although the time has come.
    private func overdue(_ cronJob: CronJob, _ events: [Event]) -> Finding {
        if cronJob.concurrencyPolicy == "Forbid", let job = cronJob.active.first {
            var finding = finding(
                .cronJobBlocked,
                cronJob,
                "it allows one Job at a time, and one that it has started has not ended",
                confidence: 0.8,
                events.first { $0.reason == "JobAlreadyActive" }
            )
            finding.evidence.append(.field("status.active", of: cronJob.reference, job.name))
            finding.related = [
                ObjectReference(
                    apiVersion: "batch/v1",
                    kind: "Job",
                    namespace: cronJob.metadata.namespace ?? "",
                    name: job.name
                )
            ]
            return finding
        }
        let missed = events.first { ["TooManyMissedTimes", "FailedNeedsStart"].contains($0.reason) }
        if let missed {
            return finding(
                .cronStartsMissed,
                cronJob,
                "it has missed too many starts, and starts no more without a startingDeadlineSeconds",
                confidence: 0.9,
                missed
            )
        }
        if let deadline = cronJob.startingDeadlineSeconds, deadline < Self.shortestDeadline {
            return finding(
                .cronDeadlineTooShort,
                cronJob,
                "its startingDeadlineSeconds of \(deadline) is shorter than the time between two looks of the controller",
                confidence: 0.85
            )
        }
        return finding(
            .cronJobNotScheduled,
            cronJob,
            "its time has come, and no Job was made",
            confidence: 0.6,
            events.first { $0.type == "Warning" }
        )
    }

    private func finding(
        _ causeClass: CauseClass,
        _ cronJob: CronJob,
        _ message: String,
        confidence: Double,
        _ event: Event? = nil
    ) -> Finding {
        let reference = cronJob.reference
        let last = cronJob.lastScheduleTime.map(\.description) ?? "never"
        return Finding(
            causeClass: causeClass,
            object: reference,
            owner: reference,
            severity: .medium,
            message: message,
            confidence: confidence,
            isCause: true,
            evidence: [
                .field("spec.schedule", of: reference, cronJob.schedule),
                .field("status.lastScheduleTime", of: reference, last),
            ] + (event.map { [.event($0, about: reference)] } ?? [])
        )
    }

    static let guides: [CauseGuide] = [
        guide(
            .cronScheduleInvalid,
            "The schedule has a field that is none, or names a day that there never is.",
            "Correct spec.schedule",
            "It has five fields: minute, hour, day of the month, month, day of the week."
        ),
        guide(
            .cronTimeZoneInvalid,
            "An event says that the time zone is not known.",
            "Correct spec.timeZone",
            "It is a name such as Etc/UTC or Europe/Berlin."
        ),
        guide(
            .cronStartsMissed,
            "A run is overdue, and an event says that too many starts were missed.",
            "Set startingDeadlineSeconds",
            "With it the controller counts only the starts within that time; without it 100 missed ones stop it."
        ),
        guide(
            .cronDeadlineTooShort,
            "A run is overdue, and startingDeadlineSeconds is below 10.",
            "Raise startingDeadlineSeconds",
            "The controller looks every ten seconds; a shorter deadline has passed before it does."
        ),
        guide(
            .cronJobBlocked,
            "A run is overdue, the concurrency policy is Forbid, and a Job is active.",
            "See why the active Job does not end",
            "A deadline in the Job (activeDeadlineSeconds) ends one that hangs."
        ),
        guide(
            .cronJobNotScheduled,
            "A run is overdue for more than five minutes.",
            "See whether the controller manager runs",
            "It makes the Jobs; a quota or a webhook may also refuse them."
        ),
    ]

    private static func guide(
        _ causeClass: CauseClass,
        _ proof: String,
        _ title: String,
        _ description: String
    ) -> CauseGuide {
        CauseGuide(
            causeClass: causeClass,
            kinds: ["CronJob"],
            proof: proof,
            title: title,
            description: description,
            command: "kubectl -n {namespace} describe cronjob {name}"
        )
    }

    var detections: [Detection] { Self.guides.map(\.detection) }

    func recommendations(for cause: Cause) -> [Recommendation] { Self.guides.recommendations(for: cause) }
}

extension CronJob {
    /// The schedule without the time zone that stood in front of it until Kubernetes 1.29 refused that.
    fileprivate var scheduleWithoutTimeZone: String {
        guard schedule.hasPrefix("TZ=") || schedule.hasPrefix("CRON_TZ=") else { return schedule }
        return String(schedule.drop { !$0.isWhitespace }.drop(while: \.isWhitespace))
    }

    /// Whether its times may be those of another zone than UTC.
    fileprivate var isLocal: Bool {
        schedule.contains("TZ=") || !(timeZone.map { ["", "UTC", "Etc/UTC"].contains($0) } ?? true)
    }
}
