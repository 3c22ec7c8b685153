// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime
import KubeTesting
import Testing

// SPDX-License-Identifier: Apache-2.0
@testable import AetheriusAgent

@Suite("The heartbeat in bad times, on a virtual clock")
struct HeartbeatOutageTests {
    /// What becomes of a request that begins at a time.
    private enum Fate {
        case answered
        case failed(KubeError)
    }

    /// What an agent did at a hub.
    private struct Course {
        var renewals: [Duration] = []
        var tries: [Duration] = []

        /// The longest time without a renewal from one moment to another.
        func longestGap(from start: Duration, to end: Duration) -> Duration {
            let moments = [start] + renewals.filter { $0 >= start && $0 <= end } + [end]
            return zip(moments, moments.dropFirst()).map { $1 - $0 }.max() ?? .zero
        }
    }

    private static let interval = Duration.seconds(30)
    /// How long a hub waits before it calls an agent offline.
    private static let limit = Duration.seconds(90)
    private static let requestTime = Duration.milliseconds(200)

    /// Lets an agent beat until a time, at a hub that answers as it is told to.
    private func course(seed: UInt64, until end: Duration, _ fate: (Duration) -> Fate) -> Course {
        var random = SeededGenerator(seed: seed)
        var machine = HeartbeatStateMachine(identity: "agent_1", interval: Self.interval)
        var (course, now, version) = (Course(), Duration.zero, 1)
        var lease = Lease(metadata: ObjectMeta(name: "edge"))
        lease.metadata.resourceVersion = "1"
        var step = HeartbeatStateMachine.Step.read
        while now < end {
            if case .wait(let delay, let next) = step {
                now += delay
                step = next
                continue
            }
            course.tries.append(now)
            let fate = fate(now)
            now += Self.requestTime
            let instant = AnyClock.Instant(offset: now)
            switch (fate, step) {
            case (.failed(let error), _):
                step = machine.failed(step, error, at: instant, random: Double.random(in: 0..<1, using: &random))
            case (.answered, .renew):
                version += 1
                lease.metadata.resourceVersion = "\(version)"
                lease.holderIdentity = "agent_1"
                course.renewals.append(now)
                step = machine.renewed(lease, at: instant, random: Double.random(in: 0..<1, using: &random))
            default: step = machine.read(lease, at: instant)
            }
        }
        return course
    }

    @Test(
        "given a cut of ten minutes, then the agent tries a few times a minute, and beats again within half an interval",
        arguments: 0..<20 as Range<UInt64>
    )
    func cut(seed: UInt64) {
        let (start, end) = (Duration.seconds(100), Duration.seconds(700))
        let course = course(seed: seed, until: .seconds(900)) { now in
            now >= start && now < end ? .failed(KubeError(code: .deadlineExceeded, message: "no answer")) : .answered
        }
        #expect(course.tries.count { $0 >= start && $0 < end } < 200)
        #expect(course.longestGap(from: end, to: .seconds(900)) < Self.limit)
        let first = course.renewals.first { $0 >= end }
        #expect(first.map { $0 - end <= Self.interval / 2 + Self.requestTime } == true)
    }

    @Test(
        "given a server that answers 429 for a minute, then the agent comes as it is told to, and is missed for no longer than it was refused",
        arguments: 0..<20 as Range<UInt64>
    )
    func refused(seed: UInt64) {
        let (start, end) = (Duration.seconds(100), Duration.seconds(160))
        let error = KubeError(code: .tooManyRequests, message: "slow down", retryAfter: .seconds(1))
        let course = course(seed: seed, until: .seconds(400)) { now in
            now >= start && now < end ? .failed(error) : .answered
        }
        #expect(course.tries.count { $0 >= start && $0 < end } <= 60)
        let first = course.renewals.first { $0 >= end }
        let last = course.renewals.last { $0 < start }
        // Either it had not meant to beat before the end, or it was told to come again a second later.
        let due = max(end, (last ?? .zero) + Self.interval * 1.25)
        #expect(first.map { $0 - due <= .seconds(1.25) + Self.requestTime * 2 } == true)
    }

    @Test(
        "given connections that are reset each second, then no silence is as long as the hub's patience",
        arguments: 0..<20 as Range<UInt64>
    )
    func reset(seed: UInt64) {
        let course = course(seed: seed, until: .seconds(1800)) { now in
            // What is under way when a second is full is lost.
            let rest = now - .seconds(now.components.seconds)
            return rest + Self.requestTime > .seconds(1)
                ? .failed(KubeError(code: .connection, message: "reset")) : .answered
        }
        #expect(course.longestGap(from: .zero, to: .seconds(1800)) < Self.limit)
    }
}
