// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("KubeletVersionAnalyzer")
struct KubeletVersionAnalyzerTests {
    private func cluster(kubelet: String, server: String?, podIsReady: Bool = true) throws -> Fixture {
        var cluster = Fixture()
        try cluster.add(
            \.nodes,
            "a",
            """
            "status": {"nodeInfo": {"kubeletVersion": "\(kubelet)"},
                       "conditions": [{"type": "Ready", "status": "True", "reason": "x"}]}
            """
        )
        try cluster.rawPod(
            "web-1",
            spec: #"{"nodeName": "a", "containers": [{"name": "app"}]}"#,
            status: """
                {"phase": "Running", "conditions": [{"type": "Ready", "status": "\(podIsReady ? "True" : "False")"}]}
                """
        )
        cluster.edit { $0.serverVersion = server }
        return cluster
    }

    @Test(
        "given a kubelet and a server, then what the version skew policy does not allow is told",
        arguments: [
            ("v1.31.0", "v1.30.5", "newer than"), ("v1.26.0", "v1.30.0", "more than 3"),
            ("v1.24.9", "v1.27.1", "more than 2"), ("v1.27.0", "v1.30.0", nil), ("v1.25.0", "v1.27.0", nil),
            ("v1.30.9", "v1.30.0", nil), ("", "v1.30.0", nil), ("v1.30.0", nil, nil),
        ]
    )
    func skew(kubelet: String, server: String?, expected: String?) throws {
        let finding = try cluster(kubelet: kubelet, server: server).findings(.kubeletVersionUnsupported).first
        #expect(finding?.owner.description == expected.map { _ in "Node/a" })
        if let expected { #expect(finding?.message.contains(expected) == true) }
    }

    @Test("given a node that does well, then it is a word for the reader; given a pod in trouble, then a candidate")
    func severity() throws {
        let well = try cluster(kubelet: "v1.20.0", server: "v1.30.0").conclusion
        #expect(well.terminationReason == .healthy)
        #expect(well.summary.contains("Node/a"))
        let hurt = try cluster(kubelet: "v1.20.0", server: "v1.30.0", podIsReady: false).conclusion
        #expect(hurt.terminationReason == .inconclusive)
        #expect(hurt.rootCause == nil)
        #expect(hurt.candidates.map(\.causeClass) == [.kubeletVersionUnsupported])
    }

    @Test("given a server that nobody has asked, then its pods tell, and the oldest of them counts")
    func images() throws {
        func message(_ images: [String]) throws -> String? {
            var cluster = try cluster(kubelet: "v1.31.0", server: nil)
            for (index, image) in images.enumerated() {
                try cluster.rawPod(
                    "kube-apiserver-\(index)",
                    spec: #"{"containers": [{"name": "kube-apiserver", "image": "\#(image)"}]}"#,
                    status: #"{"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}"#,
                    more: #", "labels": {"component": "kube-apiserver"}"#
                )
                cluster.edit { $0.pods[$0.pods.count - 1].metadata.namespace = "kube-system" }
            }
            return cluster.findings(.kubeletVersionUnsupported).first?.message
        }
        let name = "registry.local:5000/kube-apiserver"
        #expect(try message(["\(name):v1.31.0", "\(name):v1.30.4@sha256:0123"])?.contains("1.30") == true)
        #expect(try message(["\(name):v1.31.0"]) == nil)
        #expect(try message(["\(name):latest"]) == nil)
        #expect(try message([name]) == nil)
    }
}
