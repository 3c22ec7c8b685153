// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import Testing

@testable import Diagnosis

@Suite("VolumeFullAnalyzer")
struct VolumeFullAnalyzerTests {
    private static let claims = """
        , "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "store-data"}},
                      {"name": "scratch", "emptyDir": {}}]
        """

    private func cluster(
        _ line: String,
        crashes: Bool = true,
        mounts: String,
        image: String = "app:1"
    ) throws -> Fixture {
        var cluster = Fixture()
        try cluster.program("store", image: image, crashes: crashes, log: ["starting", line], spec: Self.claims)
        cluster.edit { snapshot in
            snapshot.pods[0].spec.containers[0].mounts = mounts.split(separator: ",").map { pair in
                let parts = pair.split(separator: "=")
                var mount = Container.Mount()
                (mount.name, mount.path) = (String(parts[0]), String(parts[1]))
                return mount
            }
        }
        return cluster
    }

    @Test(
        "given a program that has no room to write, then the volume of the path is named, else the only claim, else none",
        arguments: [
            ("write /data/wal/7: no space left on device", "data=/data,scratch=/scratch", "VolumeFull", "store-data"),
            ("write /scratch/x: No space left on device", "data=/data,scratch=/scratch", "VolumeFull", nil),
            ("OSError: [Errno 28] No space left on device", "data=/data", "VolumeFull", "store-data"),
            ("sqlite3.OperationalError: database or disk is full", "scratch=/scratch", "ContainerStorageFull", nil),
            ("write /tmp/upload: no space left on device", "data=/data", "ContainerStorageFull", nil),
        ]
    )
    func full(line: String, mounts: String, expected: String, claim: String?) throws {
        let cause = try #require(try cluster(line, mounts: mounts).conclusion.rootCause)
        #expect(cause.causeClass.rawValue == expected)
        #expect(cause.object.description == "Deployment/shop/store")
        #expect(cause.related.map(\.name) == [claim].compactMap(\.self))
    }

    @Test("given too many watches, for which the kernel has the same words, then no disk is full")
    func watches() throws {
        let line = "fsnotify: failed to create watcher: no space left on device"
        let cluster = try cluster(line, mounts: "data=/data")
        #expect(cluster.findings(of: VolumeFullAnalyzer()).isEmpty)
    }

    @Test("given a client that passes on what its database says, then the client is hardly the one")
    func client() throws {
        let line = "psycopg2.errors.DiskFull: could not extend file base/1: No space left on device"
        let finding = try #require(try cluster(line, mounts: "data=/data").findings(.volumeFull).first)
        #expect(finding.confidence < Conclusion.namingThreshold)
        let own = try cluster(line, mounts: "data=/data", image: "postgres:16")
        #expect(try #require(own.findings(.volumeFull).first).confidence > 0.9)
    }
}
