// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeTesting
import Testing

@Suite("Lists object by object", .timeLimit(.minutes(1)))
struct ListEachTests {
    private func list<Object: KubernetesObject>(
        _ type: Object.Type,
        _ body: String
    ) async throws -> (names: [String], metadata: ListMeta?, error: KubeError?) {
        try await withServer(answering: Script { _ in ScriptedHTTPServer.answer(200, body) }) { _, client in
            var names: [String] = []
            do throws(KubeError) {
                let metadata = try await client.resources(type, of: Lease.apiResource).list(ListOptions()) { object in
                    names.append(object.metadata.name)
                }
                return (names, metadata, nil)
            } catch {
                return (names, nil, error)
            }
        }
    }

    @Test("given a page, then its objects come in order, and then what it says about itself")
    func page() async throws {
        let items = #"[{"metadata":{"name":"a"}},{"metadata":{"name":"b"}}]"#
        let answer = try await list(
            Lease.self,
            #"{"kind":"LeaseList","metadata":{"resourceVersion":"7","continue":"next"},"items":\#(items)}"#
        )
        #expect(answer.names == ["a", "b"])
        #expect(answer.metadata?.resourceVersion == "7" && answer.metadata?.continueToken == "next")
        #expect(try await list(Lease.self, #"{"items":null}"#).names == [])
    }

    @Test("given an answer that breaks off or a Table, then it is an error of decoding")
    func refused() async throws {
        let broken = try await list(Lease.self, #"{"items":[{"metadata":{"name":"a"}},{"#)
        #expect(broken.names == ["a"] && broken.error?.code == .decoding)
        let table = try await list(Lease.self, #"{"kind":"Table","items":[{"metadata":{"name":"a"}}]}"#)
        #expect(table.names == [] && table.error?.code == .decoding)
    }

    @Test("given a client of metadata, then it asks for nothing else: for a list as a list, else for one object")
    func metadataOnly() async throws {
        try await withServer(answering: Script { _ in ScriptedHTTPServer.answer(200, #"{"items":[]}"#) }) {
            server,
            client in
            let metadata = client.resources(PartialObjectMetadata.self, of: Lease.apiResource, namespace: "shop")
            _ = try await metadata.list(ListOptions()) { _ in }
            _ = try await metadata.list()
            _ = try await metadata.watch()
            var headers: [String] = []
            for await case .request(let request) in server.events {
                headers.append(request.headers["accept"] ?? "")
                if headers.count == 3 { break }
            }
            let list = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"
            let one = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json"
            #expect(headers == [list, list, one])
        }
    }
}
