// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// The quota for CPU blocks new pods.
    public static let cpuQuotaExceeded = CauseClass(rawValue: "CPUQuotaExceeded")
    /// The quota for memory blocks new pods.
    public static let memoryQuotaExceeded = CauseClass(rawValue: "MemoryQuotaExceeded")
    /// The quota for the number of pods blocks new ones.
    public static let podQuotaExceeded = CauseClass(rawValue: "PodQuotaExceeded")
    /// The quota for storage or claims blocks new claims.
    public static let storageQuotaExceeded = CauseClass(rawValue: "StorageQuotaExceeded")
    /// A quota for something else blocks new objects.
    public static let resourceQuotaExceeded = CauseClass(rawValue: "ResourceQuotaExceeded")
    /// A quota wants every pod to say what it needs, and this one does not.
    public static let quotaRequiresResources = CauseClass(rawValue: "QuotaRequiresResources")
    /// The pods ask for more or less than a limit range allows.
    public static let limitRangeViolation = CauseClass(rawValue: "LimitRangeViolation")
    /// The ServiceAccount of the pods does not exist.
    public static let serviceAccountNotFound = CauseClass(rawValue: "ServiceAccountNotFound")
    /// The pods violate the namespace's pod security level.
    public static let podSecurityViolation = CauseClass(rawValue: "PodSecurityViolation")
    /// An admission webhook refuses the pods.
    public static let admissionWebhookDenied = CauseClass(rawValue: "AdmissionWebhookDenied")
    /// An admission webhook does not answer, and nothing is stored without it.
    public static let admissionWebhookUnavailable = CauseClass(rawValue: "AdmissionWebhookUnavailable")
    /// An admission policy refuses the pods.
    public static let admissionPolicyDenied = CauseClass(rawValue: "AdmissionPolicyDenied")
    /// The priority class of the pods does not exist.
    public static let priorityClassNotFound = CauseClass(rawValue: "PriorityClassNotFound")
    /// The runtime class of the pods does not exist.
    public static let runtimeClassNotFound = CauseClass(rawValue: "RuntimeClassNotFound")
    /// What the pods are to be made of is not valid.
    public static let podTemplateInvalid = CauseClass(rawValue: "PodTemplateInvalid")
    /// The API server refuses the pods for another reason.
    public static let podCreationRefused = CauseClass(rawValue: "PodCreationRefused")
}

/// Why the API server does not store a pod, from what the controller quotes.
struct CreationRefusal: Hashable {
    var causeClass = CauseClass.podCreationRefused
    /// For people, without the figures and names that differ from one attempt to the next.
    var message = ""
    var confidence = 0.95
    /// The ServiceAccount that is said to be missing.
    var serviceAccount: String?
    /// The quota that refuses.
    var quota: String?
    /// The Service of the webhook that does not answer.
    var service: ObjectReference?
    /// What of it is used up, such as `requests.cpu`.
    var resource: String?

    /// Whether it is the namespace that has to be changed, and not the workload.
    var isOfNamespace: Bool {
        [
            .cpuQuotaExceeded, .memoryQuotaExceeded, .podQuotaExceeded, .storageQuotaExceeded, .serviceQuotaExceeded,
            .resourceQuotaExceeded,
        ].contains(causeClass)
    }

    init(_ text: String) {
        let lowered = text.lowercased()
        if let quota = text.word(after: "exceeded quota: ") {
            setQuota(quota, text)
        } else if let quota = text.word(after: "failed quota: ") {
            causeClass = .quotaRequiresResources
            let name = quota.hasSuffix(":") ? String(quota.dropLast()) : quota
            self.quota = name
            let missing = text.firstRange(of: "must specify ").map { String(text[$0.lowerBound...]) } ?? ""
            message = "quota \(name) admits no pods that do not say what they need: \(StableText.of(missing))"
        } else if let account = text.quoted(after: "serviceaccount "), lowered.contains("not found") {
            causeClass = .serviceAccountNotFound
            serviceAccount = account
            message = "ServiceAccount \(account), which its pods name, does not exist"
        } else if let level = text.quoted(after: "violates PodSecurity ") {
            causeClass = .podSecurityViolation
            let details = text.firstRange(of: "\": ").map { ": " + StableText.of(String(text[$0.upperBound...])) } ?? ""
            message = "the namespace's pod security level \(level) does not admit its pods\(details)"
        } else {
            setAdmission(text, lowered)
        }
    }

    private mutating func setQuota(_ quota: String, _ text: String) {
        let requested = text.word(after: "requested: ") ?? ""
        let resource = String(requested.prefix { $0 != "=" })
        let amount = text.word(after: "limited: ").map { " (\($0))" } ?? ""
        self.quota = quota
        self.resource = resource
        causeClass = QuotaShortage.causeClass(of: resource)
        message =
            "quota \(quota) is used up" + (resource.isEmpty ? "" : " for \(resource)") + amount
            + ", so that no further pod is admitted"
    }

    private mutating func setAdmission(_ text: String, _ lowered: String) {
        // What stands before is about the pod, whose name is another one each time.
        func rest(after sign: String) -> String {
            text.firstRange(of: sign).map { StableText.of(String(text[$0.upperBound...])) } ?? ""
        }
        if let webhook = text.quoted(after: "admission webhook ") {
            causeClass = .admissionWebhookDenied
            message = "admission webhook \(webhook) refuses its pods: \(rest(after: "denied the request: "))"
        } else if let webhook = text.quoted(after: "failed calling webhook ") {
            causeClass = .admissionWebhookUnavailable
            message = "admission webhook \(webhook) does not answer, and no pod is admitted without it"
            service = Self.service(in: text)
        } else if lowered.contains("validatingadmissionpolicy '") {
            causeClass = .admissionPolicyDenied
            message = "an admission policy refuses its pods: \(rest(after: "ValidatingAdmissionPolicy "))"
        } else if let name = text.word(after: "no PriorityClass with name ") {
            causeClass = .priorityClassNotFound
            message = "PriorityClass \(name), which its pods name, does not exist"
        } else if lowered.contains("runtimeclass") && lowered.contains("not found") {
            causeClass = .runtimeClassNotFound
            message = "the RuntimeClass that its pods name does not exist"
        } else if lowered.contains(" per container is ") || lowered.contains(" per pod is ") {
            causeClass = .limitRangeViolation
            message = "a limit range does not admit its pods: \(rest(after: "is forbidden: "))"
        } else if lowered.contains(" is invalid: ") {
            causeClass = .podTemplateInvalid
            message = "its pod template is not valid: \(rest(after: "is invalid: "))"
        } else {
            confidence = 0.75
            let words = rest(after: "is forbidden: ")
            message =
                "the API server refuses its pods: "
                + (words.isEmpty ? StableText.of(text.replacing("Error creating: ", with: "")) : words)
        }
    }

    /// The Service in the address that the API server has called: `Post "https://name.namespace.svc:443/…"`.
    private static func service(in text: String) -> ObjectReference? {
        let hosts = ConnectionTarget.all(in: text).map { $0.host.split(separator: ".").map(String.init) }
        guard let host = hosts.first(where: { $0.count >= 3 && $0[2] == "svc" }) else { return nil }
        return Service.apiResource.reference(host[0], in: host[1])
    }

    static let advice: [CauseClass: (title: String, description: String, command: String)] = [
        .cpuQuotaExceeded: quotaAdvice, .memoryQuotaExceeded: quotaAdvice, .podQuotaExceeded: quotaAdvice,
        .resourceQuotaExceeded: quotaAdvice,
        .storageQuotaExceeded: (
            "Raise the quota or delete claims, then create the missing one",
            "The quota counts what claims ask for, whether they have a volume or not.", "describe quota"
        ),
        .quotaRequiresResources: (
            "Set requests and limits", "A limit range can set defaults for pods that do not.", "describe quota"
        ),
        .limitRangeViolation: (
            "Stay within the limit range, or change it", "It holds for every pod.", "describe limits"
        ),
        .serviceAccountNotFound: (
            "Create the ServiceAccount, or correct its name", "It has to be in the namespace of the pods.",
            "get serviceaccounts"
        ),
        .podSecurityViolation: (
            "Set the security context that the level asks for",
            "The message lists what is missing. The level is a label of the namespace.", "get events"
        ),
        .admissionWebhookDenied: (
            "Do what the webhook asks for", "Its message is quoted; it comes from a program in this cluster.",
            "get events"
        ),
        .admissionWebhookUnavailable: (
            "Look at the pods behind the webhook", "Its configuration names a Service; are pods behind it ready?",
            "get validatingwebhookconfigurations,mutatingwebhookconfigurations"
        ),
        .podTemplateInvalid: ("Correct the pod template", "The message names the field.", "get events"),
    ]

    private static let quotaAdvice = (
        title: "Raise the quota, or free some of it",
        description: "The quota counts what pods request, not what they use; pods that have ended do not count.",
        command: "describe quota"
    )
}
