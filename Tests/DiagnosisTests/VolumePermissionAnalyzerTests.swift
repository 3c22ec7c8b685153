// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Diagnosis

@Suite("VolumePermissionAnalyzer")
struct VolumePermissionAnalyzerTests {
    @Test(
        "given a tool that may not write in its working directory, then it is the only volume, if there is only one",
        arguments: [
            "tar: ./index.php: Cannot open: Permission denied",
            "cp: cannot create regular file 'index.php': Permission denied",
            "touch: cannot touch 'ready': Read-only file system",
        ]
    )
    func workingDirectory(line: String) throws {
        for (mounts, count) in [
            (#"{"name": "data", "mountPath": "/var/www"}"#, 1),
            (#"{"name": "data", "mountPath": "/var/www"}, {"name": "tmp", "mountPath": "/tmp"}"#, 0),
        ] {
            #expect(try findings(mounts: mounts, line: line).count == count)
        }
    }

    @Test(
        "given a refusal that is not about a file, or about one elsewhere, then no volume is blamed",
        arguments: [
            "ERROR: permission denied for table orders", "tar: ./index.php: Cannot open: No such file or directory",
            "cannot open /etc/shadow: Permission denied",
            "10-listen.sh: info: can not modify /var/www/default.conf (read-only file system?)",
            "INFO cannot open /var/www/cache: Permission denied",
        ]
    )
    func elsewhere(line: String) throws {
        #expect(try findings(mounts: #"{"name": "data", "mountPath": "/var/www"}"#, line: line).isEmpty)
    }

    private func findings(mounts: String, line: String) throws -> [Finding] {
        var cluster = Fixture()
        try cluster.rawPod(
            "web",
            spec: #"{"containers": [{"name": "app", "image": "web:1", "volumeMounts": [\#(mounts)]}]}"#,
            status:
                #"{"phase": "Running", "containerStatuses": [{"name": "app", "ready": false, \#(Fixture.crashLoop())}]}"#
        )
        cluster.log(of: "web", line, "exiting")
        return cluster.findings(of: VolumePermissionAnalyzer())
    }
}
