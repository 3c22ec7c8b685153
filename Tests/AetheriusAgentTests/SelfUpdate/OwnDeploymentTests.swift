// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import Testing

@testable import AetheriusAgent

@Suite("The agent's own Deployment")
struct OwnDeploymentTests {
    private let deployment: JSONValue = [
        "spec": [
            "template": [
                "spec": [
                    "nodeSelector": ["disk": "ssd"],
                    "containers": [
                        ["name": "proxy", "image": "proxy:1"],
                        [
                            "name": "agent", "image": "aetherius:1",
                            "resources": [
                                "requests": ["cpu": "100m", "memory": "128Mi"],
                                "limits": ["cpu": "250m", "memory": "262144Ki"],
                            ],
                        ],
                    ],
                ]
            ]
        ]
    ]

    private var inLine: ClusterAgent.AgentSettings {
        var settings = ClusterAgent.AgentSettings()
        settings.nodeSelector = ["disk": "ssd"]
        return settings
    }

    @Test("given a Deployment that is as it should be, amounts compared as amounts, then nothing is changed")
    func unchanged() {
        #expect(OwnDeployment.patch(deployment, inLine) == nil)
        var settings = inLine
        settings.image = "aetherius:1"
        #expect(OwnDeployment.patch(deployment, settings) == nil)
    }

    @Test("given another image, then the agent's container gets it, and nothing else changes")
    func image() throws {
        var settings = inLine
        settings.image = "aetherius:2"
        let pod = try #require(OwnDeployment.patch(deployment, settings)?.value(at: "spec", "template", "spec"))
        #expect(pod == ["containers": [["image": "aetherius:2", "name": "agent"]]])
    }

    @Test("given other resources, a selector that is gone and a toleration, then each is replaced as a whole")
    func others() throws {
        var settings = ClusterAgent.AgentSettings()
        settings.resources = .init(requests: ["cpu": "200m"])
        var toleration = ClusterAgent.Toleration()
        toleration.operator = .exists
        settings.tolerations = [toleration]
        let pod = try #require(OwnDeployment.patch(deployment, settings)?.value(at: "spec", "template", "spec"))
        #expect(pod["nodeSelector"] == ["disk": nil])
        #expect(pod["tolerations"] == [["operator": "Exists"]])
        let container = try #require(pod["containers"]?.arrayValue?.first)
        #expect(container["resources"]?["requests"] == ["memory": nil, "cpu": "200m"])
        #expect(container["resources"]?["limits"] == ["cpu": nil, "memory": nil])
        #expect(container["image"] == nil)
    }
}
