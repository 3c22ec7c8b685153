// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// The registry has no image of that name, tag or digest.
    public static let imageNotFound = CauseClass(rawValue: "ImageNotFound")
    /// What is given as the image is not a valid reference.
    public static let invalidImageReference = CauseClass(rawValue: "InvalidImageReference")
    /// The registry refuses the pull for lack of (valid) credentials.
    public static let imagePullUnauthorized = CauseClass(rawValue: "ImagePullUnauthorized")
    /// The registry's host name does not resolve.
    public static let imageRegistryUnresolvable = CauseClass(rawValue: "ImageRegistryUnresolvable")
    /// The registry does not answer.
    public static let imageRegistryUnreachable = CauseClass(rawValue: "ImageRegistryUnreachable")
    /// The image is not on the node, and the pull policy forbids to fetch it.
    public static let imageNeverPulled = CauseClass(rawValue: "ImageNeverPulled")
    /// The Secret with the credentials for the registry does not exist.
    public static let imagePullSecretMissing = CauseClass(rawValue: "ImagePullSecretMissing")
    /// The registry refuses further pulls for a while.
    public static let imagePullRateLimited = CauseClass(rawValue: "ImagePullRateLimited")
    /// The registry's certificate is not trusted, or it does not speak TLS.
    public static let imageRegistryTLSFailed = CauseClass(rawValue: "ImageRegistryTLSFailed")
    /// The registry answers with an error of its own.
    public static let imageRegistryFailing = CauseClass(rawValue: "ImageRegistryFailing")
    /// The node admits only signed images, and this one is not signed as it wants.
    public static let imageSignatureInvalid = CauseClass(rawValue: "ImageSignatureInvalid")
    /// The node has the image and cannot read it.
    public static let imageInspectFailed = CauseClass(rawValue: "ImageInspectFailed")
    /// The image cannot be pulled, for a reason that the messages do not give.
    public static let imagePullFailure = CauseClass(rawValue: "ImagePullFailure")
}

/// Containers that wait for an image that cannot be had.
struct ImagePullAnalyzer: Analyzer {
    private static let waitingReasons: Set<String> = [
        "ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError",
        "RegistryUnavailable", "SignatureValidationFailed",
    ]

    func findings(in snapshot: Snapshot) -> [Finding] {
        ContainerView.allAndEphemeral(in: snapshot).compactMap { container in
            guard let waiting = container.status.state.waiting, Self.waitingReasons.contains(waiting.reason) else {
                return nil
            }
            return finding(container, waiting, in: snapshot)
        }
    }

    private func finding(
        _ container: ContainerView,
        _ waiting: ContainerState.Waiting,
        in snapshot: Snapshot
    ) -> Finding {
        let image = container.spec.image.isEmpty ? container.status.image : container.spec.image
        let event = latestPullEvent(about: container, image: image, in: snapshot)
        // While it backs off the container's message says only that; the event still has the reason.
        let texts = [waiting.message, event?.message ?? ""]
        var causeClass = Self.classify(reason: waiting.reason, texts: texts)
        // Registries answer a pull without credentials in more than one way; that the Secret is missing is a fact.
        let secretEvent = snapshot.events(about: container.pod.reference).first {
            $0.reason == "FailedToRetrieveImagePullSecret"
        }
        let isMissing = container.pod.spec.imagePullSecrets.contains { secret in
            let namespace = container.pod.metadata.namespace ?? ""
            return snapshot.exists(Secret.apiResource.reference(secret.name, in: namespace)) == false
        }
        if secretEvent != nil || isMissing, [.imagePullUnauthorized, .imageNotFound].contains(causeClass) {
            causeClass = .imagePullSecretMissing
        }
        var evidence = [
            EvidenceItem(
                kind: .object,
                source: "\(container.statusPath).state.waiting",
                object: container.pod.reference,
                text: waiting.message.isEmpty ? waiting.reason : "\(waiting.reason): \(waiting.message)"
            )
        ]
        if let event {
            evidence.append(
                EvidenceItem(
                    kind: .event,
                    source: "event \(event.reason)" + (event.count.map { ", \(Count.text($0, "time"))" } ?? ""),
                    object: container.pod.reference,
                    text: event.message
                )
            )
        }
        if let secretEvent { evidence.append(.event(secretEvent, about: container.pod.reference)) }
        let secrets = secretEvent?.message.secretNames ?? ""
        var finding = snapshot.cause(
            causeClass,
            of: container,
            confidence: causeClass == .imagePullFailure ? 0.7 : causeClass == .imageInspectFailed ? 0.85 : 0.95,
            message: "\(container.title) cannot start: \(Self.explain(causeClass, image: image, secrets: secrets))",
            evidence: evidence
        )
        let pod = container.pod
        if [.imagePullUnauthorized, .imagePullSecretMissing].contains(causeClass) {
            finding.related = pod.spec.imagePullSecrets.map {
                Secret.apiResource.reference($0.name, in: pod.metadata.namespace ?? "")
            }
        } else if causeClass == .nodeDiskPressure, let node = pod.spec.nodeName {
            // The disk is the node's; any other image would not fit either.
            finding.owner = Node.apiResource.reference(node)
            finding.container = nil
            finding.message = "the node has no space left for images"
        }
        return finding
    }

    private func latestPullEvent(about container: ContainerView, image: String, in snapshot: Snapshot) -> Event? {
        snapshot.events(about: container.pod.reference).first {
            $0.reason == "Failed" && $0.message.contains(image) && $0.message.lowercased().contains("pull")
        }
    }

    /// The runtime's and the registries' words, most telling first.
    private static let signs: [(causeClass: CauseClass, words: [String])] = [
        (.imagePullRateLimited, ["toomanyrequests", "too many requests", "pull rate limit"]),
        (.nodeDiskPressure, ["no space left on device"]),
        (
            .imageArchitectureMismatch,
            ["no matching manifest", "no match for platform", "does not match the specified platform"]
        ),
        (.imageRegistryUnresolvable, ["no such host", "server misbehaving", "temporary failure in name resolution"]),
        (
            .imagePullUnauthorized,
            [
                "unauthorized", "authentication required", "authorization failed", "pull access denied", "forbidden",
                "no basic auth credentials", "denied:", "access to the resource is denied",
            ]
        ),
        (.imageRegistryTLSFailed, ["x509:", "certificate", "http: server gave http response", "tls: "]),
        (
            .imageRegistryFailing,
            [
                "internal server error", "bad gateway", "service unavailable", "gateway timeout",
                "unexpected status code 5",
            ]
        ),
        (.imageNotFound, ["manifest unknown", "not found", "does not exist", "name unknown"]),
        (
            .imageRegistryUnreachable,
            [
                "connection refused", "i/o timeout", "connection reset", "no route to host", "network is unreachable",
                "context deadline exceeded", "tls handshake timeout", "proxyconnect", "client.timeout exceeded",
            ]
        ),
    ]

    static func classify(reason: String, texts: [String]) -> CauseClass {
        switch reason {
        case "InvalidImageName": return .invalidImageReference
        case "ErrImageNeverPull": return .imageNeverPulled
        case "RegistryUnavailable": return .imageRegistryUnreachable
        case "SignatureValidationFailed": return .imageSignatureInvalid
        default: break
        }
        let text = texts.joined(separator: "\n").lowercased()
        // No registry has been asked: the image is there, or the node would pull it.
        if reason == "ImageInspectError" {
            return text.contains("no space left on device") ? .nodeDiskPressure : .imageInspectFailed
        }
        if text.contains("invalid reference format") || text.contains("couldn't parse image") {
            return .invalidImageReference
        }
        return signs.first { $0.words.contains { text.contains($0) } }?.causeClass ?? .imagePullFailure
    }

    private static func explain(_ causeClass: CauseClass, image: String, secrets: String) -> String {
        switch causeClass {
        case .invalidImageReference: "'\(image)' is not a valid image reference"
        case .imageNeverPulled: "image \(image) is not on the node, and imagePullPolicy Never forbids to pull it"
        case .imageNotFound: "the registry has no image \(image)"
        case .imagePullUnauthorized: "the registry refuses to hand out image \(image) without valid credentials"
        case .imagePullSecretMissing:
            "the registry refuses to hand out image \(image); the pull Secret\(secrets) that the pod names does not exist"
        case .imagePullRateLimited: "the registry of image \(image) refuses further pulls for a while"
        case .imageRegistryTLSFailed: "the registry of image \(image) cannot be talked to securely"
        case .imageRegistryFailing: "the registry of image \(image) answers with an error of its own"
        case .imageArchitectureMismatch: "image \(image) is not made for the processor or system of the node"
        case .imageSignatureInvalid: "image \(image) is not signed as the node wants its images to be"
        case .imageInspectFailed: "the node has image \(image) and cannot read it"
        case .nodeDiskPressure: "the node has no space left for image \(image)"
        case .imageRegistryUnresolvable: "the host name of the registry of image \(image) does not resolve"
        case .imageRegistryUnreachable: "the registry of image \(image) does not answer"
        default: "image \(image) cannot be pulled"
        }
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        guard let advice = Self.advice[cause.causeClass], let pod = cause.objects.first else { return [] }
        return [
            Recommendation(
                title: advice.title,
                description: advice.description,
                command: "kubectl -n \(pod.namespace) describe pod \(pod.name)",
                risk: .none
            )
        ]
    }

    private static let advice: [CauseClass: (title: String, description: String)] = [
        .imageNotFound: (
            "Correct the image's name or tag",
            "Look for a typing error, or a build that has not been pushed."
        ),
        .invalidImageReference: (
            "Correct the image reference",
            "It has the form registry/name:tag or registry/name@sha256:digest, in lower case."
        ),
        .imagePullUnauthorized: (
            "Give the pod valid credentials for the registry",
            "Name a Secret of type kubernetes.io/dockerconfigjson in imagePullSecrets of the pod or of its service "
                + "account. Registries also answer this way for names that do not exist."
        ),
        .imagePullSecretMissing: (
            "Create the Secret with the registry's credentials, or correct its name",
            "It has the type kubernetes.io/dockerconfigjson and is in the namespace of the pod."
        ),
        .imageRegistryUnresolvable: (
            "Correct the registry's host name, or the node's DNS",
            "If the name is right, try to resolve it on the node."
        ),
        .imageRegistryUnreachable: (
            "Check the way from the node to the registry",
            "Is the registry up, is its port right, and does a firewall or proxy stand between?"
        ),
        .imagePullRateLimited: (
            "Pull with credentials, or through a mirror",
            "Registries count pulls by address or account; imagePullPolicy IfNotPresent saves some."
        ),
        .imageRegistryTLSFailed: (
            "Let the nodes trust the registry's certificate",
            "Has it expired, is its authority known to the container runtime, does the registry speak TLS at all?"
        ),
        .imageRegistryFailing: ("Look at the registry", "The node reaches it; it is the registry that fails."),
        .imageNeverPulled: (
            "Load the image onto the nodes, or allow to pull it",
            "imagePullPolicy IfNotPresent pulls an image that is not there."
        ),
        .imageSignatureInvalid: (
            "Sign the image, or correct the policy of the node",
            "The container runtime has a policy that says whose signatures count."
        ),
        .imageInspectFailed: (
            "Remove the image from the node, so that it is pulled anew",
            "What the container runtime keeps of it is damaged; its log on the node says how."
        ),
        .imagePullFailure: (
            "Look at the pull on the node",
            "The messages do not say why it fails; the container runtime's log on the node does."
        ),
    ]
}

extension String {
    /// The names in `Unable to retrieve some image pull secrets (a, b); …`, with a space before them.
    fileprivate var secretNames: String {
        guard let open = firstIndex(of: "("), let close = self[open...].firstIndex(of: ")") else { return "" }
        return " " + self[index(after: open)..<close]
    }
}
