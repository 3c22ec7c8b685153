// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import KubeTesting
import Testing

@Suite struct ScaleTests {
    @Test("given 10,000 pods of 1,000 Deployments with an event each, then the work grows with the pods only")
    func manyPods() throws {
        func analyse(_ deployments: Int) throws -> Duration {
            var cluster = Fixture()
            for number in 0..<deployments {
                try cluster.deployment("app\(number)", replicas: 10, ready: 0)
                for replica in 0..<10 {
                    let name = "app\(number)-\(replica)"
                    try cluster.pod(name, of: "app\(number)", status: Fixture.waiting("ContainerCreating"))
                    try cluster.event(about: name, reason: "FailedMount", message: "timed out waiting")
                }
            }
            return ProcessorTime.measure { #expect(!Analyzers.findings(in: cluster.snapshot).isEmpty) }
        }
        let small = try analyse(100)
        let large = try analyse(1000)
        // Ten times the pods; comparing each with each would take a hundred times as long.
        #expect(large < small * 40)
    }
}
