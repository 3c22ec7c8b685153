// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeClient
import Testing

@testable import AetheriusOperator

@Suite("How far an agent's Deployment is")
struct AgentDeploymentStateTests {
    private func deployment(_ change: (inout WorkloadStatus) -> Void) -> Workload {
        var deployment = Workload(kind: "Deployment", metadata: ObjectMeta(name: "agent"))
        deployment.metadata.generation = 2
        deployment.status.observedGeneration = 2
        change(&deployment.status)
        return deployment
    }

    private func state(_ deployment: Workload?) -> AgentDeploymentState {
        AgentDeploymentState(deployment, place: "Deployment a/b")
    }

    @Test("given none, or one without a ready pod, then it is on its way")
    func progressing() {
        #expect(state(nil) == .progressing("Deployment a/b is about to be made"))
        #expect(state(deployment { _ in }) == .progressing("Deployment a/b has no ready pod yet"))
    }

    @Test("given a ready pod of the present template, then it is available; given one of the last, it is not yet")
    func available() {
        let ready = deployment { status in
            status.availableReplicas = 1
            status.updatedReplicas = 1
        }
        #expect(state(ready) == .available("Deployment a/b has a ready pod"))
        var old = ready
        old.status.observedGeneration = 1
        #expect(state(old) == .progressing("Deployment a/b has no ready pod yet"))
    }

    @Test("given a Deployment that says why it cannot go on, then these are its words")
    func failed() {
        let failed = deployment {
            $0.conditions = [
                Condition(type: "ReplicaFailure", status: .true, reason: "FailedCreate", message: "exceeded quota")
            ]
        }
        #expect(state(failed) == .failed(reason: "FailedCreate", message: "Deployment a/b: exceeded quota"))
        let stuck = deployment {
            $0.conditions = [
                Condition(type: "Progressing", status: .false, reason: "ProgressDeadlineExceeded", message: "too long")
            ]
        }
        #expect(state(stuck) == .failed(reason: "ProgressDeadlineExceeded", message: "Deployment a/b: too long"))
    }

    @Test("given a failure to make it, then the reason tells missing rights from wrong settings and everything else")
    func notMade() {
        func state(_ code: KubeError.Code, _ mode: ClusterAgent.Mode = .remote) -> (reason: String, message: String)? {
            let agent = ClusterAgent(metadata: ObjectMeta(name: "a"), spec: .init(mode: mode))
            let state = AgentDeploymentState.notMade(KubeError(code: code, message: "m"), for: agent)
            guard case .failed(let reason, let message) = state else { return nil }
            return (reason, message)
        }
        func reason(_ code: KubeError.Code) -> String? { state(code)?.reason }
        #expect(state(.forbidden, .local)?.message.hasPrefix("set agents.localDeployment=true in the chart") == true)
        #expect(state(.forbidden)?.message.contains("localDeployment") == false)
        #expect(reason(.forbidden) == "OperatorForbidden")
        #expect(reason(.configuration) == "InvalidConfiguration")
        #expect(reason(.connection) == "NotMade")
    }
}
