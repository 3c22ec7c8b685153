// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import Testing

@testable import Diagnosis

@Suite("CronJobAnalyzer")
struct CronJobAnalyzerTests {
    /// Runs of a schedule after Friday, 2027-01-15T08:00:00Z.
    @Test(
        "given a schedule, then its next run is the one that cron would choose",
        arguments: [
            ("* * * * *", "2027-01-15T08:01:00Z"), ("*/15 * * * *", "2027-01-15T08:15:00Z"),
            ("0 8 * * *", "2027-01-16T08:00:00Z"), ("30 7-9 * * *", "2027-01-15T08:30:00Z"),
            ("0 0 * * mon", "2027-01-18T00:00:00Z"), ("0 0 * * 7", "2027-01-17T00:00:00Z"),
            ("0 0 1 * *", "2027-02-01T00:00:00Z"), ("0 0 29 feb *", "2028-02-29T00:00:00Z"),
            // Of two days either one counts.
            ("0 0 20 * sun", "2027-01-17T00:00:00Z"), ("5/20 * * * *", "2027-01-15T08:05:00Z"),
            ("@daily", "2027-01-16T00:00:00Z"), ("@every 1h30m", "2027-01-15T09:30:00Z"),
        ]
    )
    func next(text: String, expected: String) throws {
        let start = try #require(Timestamp("2027-01-15T08:00:00Z"))
        #expect(try CronSchedule(text).next(after: start)?.description == expected)
    }

    @Test(
        "given a text that is no schedule, then it is refused",
        arguments: [
            "", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8",
            "a * * * *",
            "5-1 * * * *", "*/0 * * * *", "1,,2 * * * *", "1-2-3 * * * *", "@often", "@every", "@every 5x", "@every 0s",
            "-1 * * * *", "99999999999999999999 * * * *",
        ]
    )
    func refused(text: String) {
        #expect(throws: CronSchedule.Failure.self) { try CronSchedule(text) }
    }

    private static let failedPod = """
        {"phase": "Failed", "containerStatuses": [{"name": "app", "state":
          {"terminated": {"exitCode": 2, "reason": "Error"}}}]}
        """

    private func cluster(_ spec: String, lastRun secondsAgo: Int = 7200, active: Bool = false) throws -> Fixture {
        var cluster = Fixture()
        let last = Fixture.now.advanced(by: .seconds(-secondsAgo))
        try cluster.add(
            \.cronJobs,
            "report",
            """
            "spec": {\(spec)}, "status": {"lastScheduleTime": "\(last)",
              "active": [\(active ? #"{"kind": "Job", "namespace": "shop", "name": "report-1"}"# : "")]}
            """
        )
        return cluster
    }

    @Test("given a run that is overdue, then what holds it up is the cause")
    func overdue() throws {
        let hourly = #""schedule": "*/10 * * * *""#
        let plain = try #require(try cluster(hourly).conclusion.rootCause)
        #expect(plain.causeClass == .cronJobNotScheduled)
        #expect(plain.object.description == "CronJob/shop/report")

        let blocked = try cluster(hourly + #", "concurrencyPolicy": "Forbid""#, active: true)
        #expect(blocked.conclusion.rootCause?.causeClass == .cronJobBlocked)
        #expect(Analyzers.findings(in: blocked.snapshot).first?.related.map(\.name) == ["report-1"])

        let hasty = try cluster(hourly + #", "startingDeadlineSeconds": 5"#)
        #expect(hasty.conclusion.rootCause?.causeClass == .cronDeadlineTooShort)

        var missed = try cluster(hourly)
        try missed.event(
            kind: "CronJob",
            "report",
            reason: "TooManyMissedTimes",
            "too many missed start times (> 100). Set or decrease .spec.startingDeadlineSeconds or check clock skew"
        )
        #expect(missed.conclusion.rootCause?.causeClass == .cronStartsMissed)
    }

    @Test("given a schedule that cannot come or a time zone that nobody knows, then that is the cause")
    func invalid() throws {
        #expect(try cluster(#""schedule": "61 * * * *""#).conclusion.rootCause?.causeClass == .cronScheduleInvalid)
        #expect(try cluster(#""schedule": "0 0 31 2 *""#).conclusion.rootCause?.causeClass == .cronScheduleInvalid)
        var zone = try cluster(#""schedule": "@daily", "timeZone": "Mars/Olympus""#)
        try zone.event(kind: "CronJob", "report", reason: "UnknownTimeZone", "invalid timeZone: \"Mars/Olympus\"")
        #expect(zone.conclusion.rootCause?.causeClass == .cronTimeZoneInvalid)
    }

    @Test("given a CronJob that is on hold, in time, or kept by another clock, then nothing is wrong")
    func nearMisses() throws {
        let often = #""schedule": "*/10 * * * *""#
        for cluster in [
            try cluster(often + #", "suspend": true"#), try cluster(often, lastRun: 400),
            try cluster(often + #", "timeZone": "Europe/Berlin""#),
            try cluster(#""schedule": "@daily", "concurrencyPolicy": "Forbid""#, lastRun: 100, active: true),
        ] {
            #expect(cluster.conclusion.terminationReason == .healthy)
        }
    }

    @Test(
        "given a time zone, then a run of that zone is not taken for one that is missing, and one that is missing is told",
        arguments: [
            // Fixture.now is the Friday after these.
            (#""schedule": "0 3 * * 0", "timeZone": "Europe/Berlin""#, "2027-01-10T02:00:00Z", false),
            (#""schedule": "0 3 * * 0", "timeZone": "Europe/Berlin""#, "2026-12-27T02:00:00Z", true),
            (#""schedule": "CRON_TZ=Asia/Tokyo 0 3 * * 0""#, "2027-01-09T18:00:00Z", false),
            (#""schedule": "0 4 1 * *", "timeZone": "Asia/Tokyo""#, "2026-12-31T19:00:00Z", false),
            (#""schedule": "0 3 * * 0", "timeZone": "America/New_York""#, "2027-01-10T08:00:00Z", false),
        ]
    )
    func timeZones(spec: String, last: String, isMissing: Bool) throws {
        var cluster = Fixture()
        try cluster.add(\.cronJobs, "report", #""spec": {\#(spec)}, "status": {"lastScheduleTime": "\#(last)"}"#)
        #expect((cluster.conclusion.rootCause?.causeClass == .cronJobNotScheduled) == isMissing)
    }

    @Test(
        "given a CronJob's failed Job, then a later one that ended well makes it history",
        arguments: [
            ("2027-01-15T07:00:00Z", "", true), ("2027-01-15T05:00:00Z", "", false),
            ("", #"{"type": "Complete", "status": "True"}"#, true),
            ("", #"{"type": "Failed", "status": "True", "reason": "BackoffLimitExceeded"}"#, false),
        ]
    )
    func history(success: String, laterCondition: String, isHistory: Bool) throws {
        var cluster = Fixture()
        let status = success.isEmpty ? "" : #", "lastSuccessfulTime": "\#(success)""#
        try cluster.add(
            \.cronJobs,
            "report",
            #""spec": {"schedule": "0 * * * *"}, "status": {"lastScheduleTime": "\#(Fixture.now)"\#(status)}"#
        )
        func job(_ name: String, made: String, _ condition: String) -> String {
            """
            {"metadata": {"name": "\(name)", "namespace": "shop", "uid": "job-\(name)", "creationTimestamp": "\(made)",
               "ownerReferences": [{"apiVersion": "batch/v1", "kind": "CronJob", "name": "report", "uid": "c",
                 "controller": true}]},
             "spec": {}, "status": {"conditions": [\(condition)]}}
            """
        }
        let failed =
            #"{"type": "Failed", "status": "True", "reason": "BackoffLimitExceeded", "#
            + #""lastTransitionTime": "2027-01-15T06:01:00Z"}"#
        try cluster.workload("Job", job("report-1", made: "2027-01-15T06:00:00Z", failed))
        if !laterCondition.isEmpty {
            try cluster.workload("Job", job("report-2", made: "2027-01-15T06:30:00Z", laterCondition))
        }
        try cluster.rawPod(
            "report-1-x",
            owner: "Job/report-1",
            status: Self.failedPod
        )
        cluster.log(of: "report-1-x", "FATAL: password authentication failed for user \"report\"")
        #expect((cluster.conclusion.terminationReason == .healthy) == isHistory)
    }

    @Test(
        "given a Job that has completed, then what an earlier attempt of it complained about is over",
        arguments: [
            "FATAL: password authentication failed for user \"load\"", "open /data/x: Permission denied",
            "listen tcp :80: bind: address already in use",
        ]
    )
    func completed(line: String) throws {
        var cluster = Fixture()
        try cluster.workload(
            "Job",
            "load",
            spec: "{}",
            status: #"{"conditions": [{"type": "Complete", "status": "True"}]}"#
        )
        try cluster.rawPod(
            "load-1",
            owner: "Job/load",
            spec: """
                {"restartPolicy": "Never", "containers": [
                  {"name": "app", "volumeMounts": [{"name": "data", "mountPath": "/data"}]}, {"name": "side"}]}
                """,
            status: Self.failedPod
        )
        cluster.log(of: "load-1", line)
        #expect(cluster.conclusion.terminationReason == .healthy)
    }
}
