// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import KubeClient

extension ClusterEvidence {
    /// The most Secrets that are looked into for one question.
    private static let maximumSecrets = 50

    /// A Secret that an Ingress or a Gateway serves its certificate from, and the hosts it serves with it.
    private struct Use: Hashable {
        var secret: ObjectKey
        var user: ObjectReference
        var hosts: [String]

        struct ObjectKey: Hashable {
            var namespace: String
            var name: String
        }
    }

    /// Looks at the dates and names of the certificates that are served, if that is allowed.
    func readCertificates(_ scope: EvidenceScope, into snapshot: inout Snapshot) async {
        guard limits.readsSecrets else { return }
        // A Gateway may name a Secret of another namespace, which is none of the business of whoever asks about this.
        let uses = Self.uses(in: snapshot).filter { use in
            !scope.isConfinedToNamespace || use.secret.namespace == scope.namespace
        }
        if uses.count > Self.maximumSecrets { snapshot.isTruncated = true }
        let answers = await withTaskGroup(of: (Int, Result<TLSSecret, KubeError>).self) { group in
            for (index, use) in uses.prefix(Self.maximumSecrets).enumerated() {
                group.addTask { (index, await secret(use.secret)) }
            }
            return await group.reduce(into: [Int: Result<TLSSecret, KubeError>]()) { $0[$1.0] = $1.1 }
        }
        for (index, use) in uses.prefix(Self.maximumSecrets).enumerated() {
            let reference = Secret.apiResource.reference(use.secret.name, in: use.secret.namespace)
            switch answers[index] {
            case .success(let secret)?:
                guard let certificate = Certificate(pem: secret.certificate, hosts: use.hosts) else { continue }
                snapshot.certificates.append(
                    ServedCertificate(
                        secret: reference,
                        user: use.user,
                        notBefore: certificate.notBefore,
                        notAfter: certificate.notAfter,
                        unnamedHosts: certificate.unnamedHosts
                    )
                )
            // That it is missing is found by others.
            case .failure(let error)? where error.code != .notFound:
                snapshot.unreadable.append(Unreadable(what: reference.description, error))
            default: continue
            }
        }
    }

    private func secret(_ key: Use.ObjectKey) async -> Result<TLSSecret, KubeError> {
        let secrets = client.resources(TLSSecret.self, of: Secret.apiResource, namespace: key.namespace)
        do throws(KubeError) { return .success(try await secrets.get(key.name)) } catch { return .failure(error) }
    }

    private static func uses(in snapshot: Snapshot) -> [Use] {
        let ingresses = snapshot.ingresses.items.flatMap { ingress in
            ingress.tls.compactMap { tls in
                tls.secretName.map { name in
                    Use(
                        secret: .init(namespace: ingress.metadata.namespace ?? "", name: name),
                        user: Ingress.apiResource.reference(to: ingress.metadata),
                        hosts: tls.hosts
                    )
                }
            }
        }
        let gateways = snapshot.gateways.items.flatMap { gateway in
            gateway.listeners.flatMap { listener in
                listener.certificates.filter { $0.kind ?? "Secret" == "Secret" }.map { reference in
                    Use(
                        secret: .init(
                            namespace: reference.namespace ?? gateway.metadata.namespace ?? "",
                            name: reference.name
                        ),
                        user: Gateway.apiResource.reference(to: gateway.metadata),
                        hosts: listener.hostname.map { [$0] } ?? []
                    )
                }
            }
        }
        return ingresses + gateways
    }
}
