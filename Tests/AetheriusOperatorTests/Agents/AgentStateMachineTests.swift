// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import Testing

@testable import AetheriusOperator

@Suite("The state of an agent")
struct AgentStateMachineTests {
    private static let now = Timestamp(seconds: 1_800_000_000)
    private let machine = AgentStateMachine()

    private func view(
        phase: ClusterAgent.Phase? = nil,
        pinned: String? = nil,
        reported: String? = nil,
        _ heartbeat: HeartbeatObservation.State = .awaited,
        age: Int = 0,
        _ change: (inout AgentStateMachine.View) -> Void = { _ in }
    ) -> AgentStateMachine.View {
        var agent = ClusterAgent(metadata: ObjectMeta(name: "edge"), spec: .init(mode: .remote))
        agent.spec.accepted = true
        agent.status.phase = phase
        if let reported {
            var report = ClusterAgent.AgentReport()
            report.instanceID = "one"
            report.clusterUID = reported
            agent.status.agent = report
        }
        if pinned != nil {
            var hub = ClusterAgent.Hub()
            hub.registeredAt = Timestamp(seconds: 1)
            agent.status.hub = hub
        }
        let observed = heartbeat == .beating ? Self.now.advanced(by: .seconds(-age)) : nil
        var view = AgentStateMachine.View(
            agent: agent,
            pinnedUID: pinned,
            heartbeat: HeartbeatObservation(state: heartbeat, age: .seconds(age), observedAt: observed),
            deployment: .manual,
            now: Self.now
        )
        change(&view)
        return view
    }

    private func reason(_ type: String, _ verdict: AgentStateMachine.Verdict) -> String? {
        verdict.conditions[type]?.reason
    }

    @Test("given an agent that nobody accepted, then each condition says what to do, and nothing is pinned away")
    func notAccepted() {
        let verdict = machine.verdict(
            on: view(phase: .online, pinned: "u", reported: "u", .beating) { $0.agent.spec.accepted = false }
        )
        #expect(verdict.phase == .pending)
        #expect(verdict.conditions.count == 5)
        #expect(verdict.conditions.allSatisfy { $0.status == .false && $0.message.contains("spec.accepted") })
        #expect(verdict.standard.state == .stalled)
        #expect(verdict.hub.clusterUID == "u")
        #expect(verdict.hub.registeredAt == nil)
    }

    @Test("given an accepted agent without a heartbeat, then it waits, and says what is to be applied where")
    func registering() {
        let verdict = machine.verdict(on: view { $0.bootstrapExpiry = Self.now.advanced(by: .seconds(3600)) })
        #expect(verdict.phase == .registering)
        #expect(reason(ConditionType.registered, verdict) == "NotSeen")
        #expect(verdict.conditions[ConditionType.registered]?.message.contains("agent manifest edge") == true)
        #expect(reason(ConditionType.deployed, verdict) == "ManifestNotApplied")
        #expect(reason(ConditionType.online, verdict) == "NotRegistered")
        #expect(reason(ConditionType.credentialsValid, verdict) == "BootstrapToken")
        #expect(verdict.hub.tokenExpiry == Self.now.advanced(by: .seconds(3600)))
        // Ten minutes before its end the token is replaced.
        #expect(verdict.checkAfter == .seconds(3000))
    }

    @Test("given a heartbeat without a report, then the agent is not registered yet")
    func noReport() {
        let verdict = machine.verdict(on: view(.beating))
        #expect(verdict.phase == .registering)
        #expect(reason(ConditionType.registered, verdict) == "NoReport")
    }

    @Test("given a report without a heartbeat that was seen to come, then the agent is not registered yet")
    func noBeat() {
        #expect(machine.verdict(on: view(reported: "u", .assumed)).phase == .registering)
        #expect(machine.verdict(on: view(reported: "u", .beating, age: 90)).phase == .registering)
    }

    @Test("given the first heartbeat and the report, then it registers and its cluster is pinned")
    func registers() {
        let verdict = machine.verdict(on: view(phase: .registering, reported: "u", .beating, age: 3))
        #expect(verdict.phase == .online)
        #expect(verdict.isRegistering)
        #expect(verdict.hub.clusterUID == "u")
        #expect(verdict.hub.registeredAt == Self.now)
        #expect(verdict.hub.lastHeartbeatObserved == Self.now.advanced(by: .seconds(-3)))
        #expect(verdict.conditions.allSatisfy { $0.status == .true })
        #expect(verdict.standard.state == .ready)
        #expect(verdict.checkAfter == .seconds(87))
        #expect(reason(ConditionType.deployed, verdict) == "Running")
    }

    @Test("given an agent that sees another cluster than the pinned one, then it gets no work and both are named")
    func mismatch() {
        let verdict = machine.verdict(on: view(phase: .online, pinned: "u", reported: "other", .beating))
        #expect(verdict.phase == .registering)
        #expect(reason(ConditionType.registered, verdict) == "IdentityMismatch")
        #expect(verdict.standard.state == .stalled)
        let message = verdict.conditions[ConditionType.registered]?.message ?? ""
        #expect(message.contains("(u)") && message.contains("(other)"))
        #expect(verdict.hub.clusterUID == "u")
        #expect(!verdict.isRegistering)
    }

    @Test("given a manifest that is outdated, then Deployed says what to apply, and the agent is online all the same")
    func outdated() {
        let verdict = machine.verdict(
            on: view(phase: .online, pinned: "u", reported: "u", .beating) { $0.deployment = .outdated }
        )
        #expect(verdict.phase == .online)
        #expect(reason(ConditionType.deployed, verdict) == "ManifestOutdated")
        #expect(verdict.conditions[ConditionType.deployed]?.message.contains("agent manifest edge") == true)
    }

    @Test("given a conflict beside something that passes by itself, then Ready says the conflict, and is stalled")
    func conflictFirst() {
        let mismatch = machine.verdict(
            on: view(phase: .online, pinned: "u", reported: "other", .beating) {
                $0.deployment = .progressing("no pod")
            }
        )
        #expect(reason(ConditionType.deployed, mismatch) == "Progressing")
        #expect(mismatch.standard.reason == "IdentityMismatch")
        #expect(mismatch.standard.state == .stalled)
        let waiting = machine.verdict(on: view { $0.deployment = .progressing("no pod") })
        #expect(waiting.standard.reason == "Progressing")
        #expect(waiting.standard.state == .reconciling)
        let taken = machine.verdict(on: view { $0.deployment = .failed(reason: "InstalledByAnother", message: "m") })
        #expect(taken.standard.state == .stalled)
    }

    @Test("given an older ClusterAgent for the same cluster, then the younger one is refused")
    func duplicate() {
        let verdict = machine.verdict(on: view(reported: "u", .beating) { $0.twin = "first" })
        #expect(verdict.phase == .registering)
        #expect(reason(ConditionType.registered, verdict) == "DuplicateCluster")
        #expect(verdict.standard.state == .stalled)
        #expect(verdict.hub.registeredAt == nil)
    }

    @Test("given somebody who took the pin away, then the agent registers anew with what it sees now")
    func unpinned() {
        let verdict = machine.verdict(
            on: view(phase: .registering, reported: "new", .beating) {
                $0.agent.status.hub = ClusterAgent.Hub()
                $0.agent.status.hub?.registeredAt = Timestamp(seconds: 1)
                $0.agent.status.hub?.clusterUID = "old"
            }
        )
        #expect(verdict.isRegistering)
        #expect(verdict.hub.clusterUID == "new")
        #expect(verdict.hub.registeredAt == Self.now)
    }

    @Test("given a silence of exactly the limit, then the agent is offline, and not a second before")
    func offline() {
        let before = machine.verdict(on: view(phase: .online, pinned: "u", reported: "u", .beating, age: 89))
        #expect(before.phase == .online)
        #expect(before.checkAfter == .seconds(1))
        let after = machine.verdict(on: view(phase: .online, pinned: "u", reported: "u", .beating, age: 90))
        #expect(after.phase == .offline)
        #expect(reason(ConditionType.online, after) == "HeartbeatStopped")
        #expect(after.hub.offlineSince == Self.now)
        #expect(after.checkAfter == nil)
        #expect(after.standard.state == .reconciling)
    }

    @Test("given a goodbye, then the agent is offline at once with that as the reason")
    func goodbye() {
        let verdict = machine.verdict(on: view(phase: .online, pinned: "u", reported: "u", .left))
        #expect(verdict.phase == .offline)
        #expect(reason(ConditionType.online, verdict) == "Goodbye")
    }

    @Test(
        "given a new leader, then what was online stays so for as long as a silence may last",
        arguments: [true, false]
    )
    func newLeader(isAssumed: Bool) {
        let state: HeartbeatObservation.State = isAssumed ? .assumed : .awaited
        for phase in [ClusterAgent.Phase.online, .degraded] {
            #expect(
                machine.verdict(on: view(phase: phase, pinned: "u", reported: "u", state, age: 89)).phase == .online
            )
            #expect(
                machine.verdict(on: view(phase: phase, pinned: "u", reported: "u", state, age: 90)).phase == .offline
            )
        }
    }

    @Test("given a new leader, then what was offline stays so with its reason until a beat comes")
    func newLeaderOffline() {
        var view = view(phase: .offline, pinned: "u", reported: "u", .assumed) { view in
            view.agent.status.conditions = [
                Condition(type: ConditionType.online, status: .false, reason: "Goodbye", message: "it went")
            ]
            view.agent.status.hub?.offlineSince = Timestamp(seconds: 7)
        }
        let verdict = machine.verdict(on: view)
        #expect(verdict.phase == .offline)
        #expect(reason(ConditionType.online, verdict) == "Goodbye")
        #expect(verdict.hub.offlineSince == Timestamp(seconds: 7))
        view.heartbeat = HeartbeatObservation(state: .beating, age: .zero, observedAt: Self.now)
        let back = machine.verdict(on: view)
        #expect(back.phase == .online)
        #expect(back.hub.offlineSince == nil)
    }

    @Test("given an agent that cannot reach its cluster, then it is degraded with the agent's own words")
    func degraded() {
        let verdict = machine.verdict(
            on: view(phase: .online, pinned: "u", reported: "u", .beating) { view in
                view.agent.status.conditions = [
                    Condition(
                        type: ConditionType.targetReachable,
                        status: .false,
                        reason: "Timeout",
                        message: "no answer"
                    )
                ]
            }
        )
        #expect(verdict.phase == .degraded)
        #expect(verdict.standard.reason == "Timeout")
        #expect(verdict.standard.message == "TargetReachable: no answer")
        #expect(verdict.conditions[ConditionType.targetReachable] == nil, "that condition is the agent's")
    }

    @Test("given a heartbeat that goes on, then its time is written when it has become five minutes old")
    func noted() {
        func verdict(lastNoted seconds: Int) -> AgentStateMachine.Verdict {
            machine.verdict(
                on: view(phase: .online, pinned: "u", reported: "u", .beating) {
                    $0.agent.status.hub?.lastHeartbeatObserved = Self.now.advanced(by: .seconds(-seconds))
                }
            )
        }
        #expect(verdict(lastNoted: 299).hub.lastHeartbeatObserved == Self.now.advanced(by: .seconds(-299)))
        #expect(verdict(lastNoted: 300).hub.lastHeartbeatObserved == Self.now)
    }

    @Test("given a Deployment that cannot run, then that is what the agent waits for")
    func deploymentFailed() {
        let verdict = machine.verdict(
            on: view { $0.deployment = .failed(reason: "NoImage", message: "spec.agent.image is missing") }
        )
        #expect(reason(ConditionType.deployed, verdict) == "NoImage")
        #expect(verdict.standard.reason == "NoImage")
        #expect(verdict.standard.message.contains("spec.agent.image"))
    }

    @Test("given a token to register with that has ended, then the condition says so")
    func tokenEnded() {
        let verdict = machine.verdict(on: view { $0.bootstrapExpiry = Self.now.advanced(by: .seconds(-1)) })
        #expect(reason(ConditionType.credentialsValid, verdict) == "BootstrapTokenExpired")
    }

    @Test("given an agent that was there and is silent, then that is the reason, and not a manifest to be applied")
    func silent() {
        let verdict = machine.verdict(on: view(phase: .online, pinned: "u", reported: "u", .beating, age: 90))
        #expect(verdict.phase == .offline)
        #expect(verdict.conditions[ConditionType.deployed]?.status == .unknown)
        #expect(reason(ConditionType.deployed, verdict) == "NotHeard")
        #expect(verdict.standard.reason == "HeartbeatStopped")
        let left = machine.verdict(on: view(phase: .online, pinned: "u", reported: "u", .left))
        #expect(left.standard.reason == "Goodbye")
    }

    @Test("given a token that the agent keeps itself, then its end is known, and when it has ended, that is the reason")
    func ownToken() {
        func verdict(
            _ heartbeat: HeartbeatObservation.State,
            age: Int = 0,
            endsIn seconds: Int
        ) -> AgentStateMachine.Verdict {
            machine.verdict(
                on: view(phase: .online, pinned: "u", reported: "u", heartbeat, age: age) {
                    $0.agent.status.agent?.tokenExpiry = Self.now.advanced(by: .seconds(seconds))
                }
            )
        }
        let alive = verdict(.beating, endsIn: 600)
        #expect(alive.hub.tokenExpiry == Self.now.advanced(by: .seconds(600)))
        #expect(reason(ConditionType.credentialsValid, alive) == "InUse")
        #expect(alive.conditions[ConditionType.credentialsValid]?.message.contains("2027-01-15T08:10:00Z") == true)
        let silent = verdict(.beating, age: 100, endsIn: 600)
        #expect(silent.conditions.isTrue(ConditionType.credentialsValid))
        #expect(reason(ConditionType.credentialsValid, silent) == "TokenValid")
        #expect(silent.standard.reason == "HeartbeatStopped")
        #expect(silent.checkAfter == .seconds(600))
        let ended = verdict(.beating, age: 100, endsIn: 0)
        #expect(reason(ConditionType.credentialsValid, ended) == "TokenExpired")
        #expect(ended.standard.reason == "TokenExpired")
        #expect(ended.standard.message.contains("edge-install"))
    }
}
