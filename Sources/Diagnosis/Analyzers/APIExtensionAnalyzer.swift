// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A part of the API that another server provides is not available.
    public static let apiServiceUnavailable = CauseClass(rawValue: "APIServiceUnavailable")
    /// The API server does not serve the kind that a CustomResourceDefinition defines.
    public static let customResourceDefinitionNotEstablished = CauseClass(
        rawValue: "CustomResourceDefinitionNotEstablished"
    )
    /// Another definition has the names that a CustomResourceDefinition wants.
    public static let customResourceDefinitionNamesConflict = CauseClass(
        rawValue: "CustomResourceDefinitionNamesConflict"
    )
    /// The webhook that converts a kind between its versions is not there.
    public static let conversionWebhookNotFound = CauseClass(rawValue: "ConversionWebhookNotFound")
}

/// Extensions of the API that do not work: aggregated APIs and custom resource definitions.
struct APIExtensionAnalyzer: Analyzer {
    func findings(in snapshot: Snapshot) -> [Finding] {
        guard snapshot.isAboutEverything else { return [] }
        return snapshot.apiServices.items.compactMap { serviceFinding($0, snapshot) }
            + snapshot.customResourceDefinitions.items.compactMap { definitionFinding($0, snapshot) }
    }

    private func serviceFinding(_ apiService: APIService, _ snapshot: Snapshot) -> Finding? {
        guard apiService.metadata.deletionTimestamp == nil, let available = apiService.conditions["Available"],
            available.status == .false
        else { return nil }
        let name = apiService.serviceName ?? ""
        let service = Service.apiResource.reference(name, in: apiService.serviceNamespace ?? "")
        return Finding(
            apiService.reference,
            .apiServiceUnavailable,
            "the API \(apiService.group)/\(apiService.version) is not available: \(available.reason)",
            available,
            confidence: 0.85,
            severity: .high,
            related: name.isEmpty ? [] : [service]
        )
    }

    private func definitionFinding(_ definition: CustomResourceDefinition, _ snapshot: Snapshot) -> Finding? {
        guard definition.metadata.deletionTimestamp == nil else { return nil }
        let reference = definition.reference
        if let names = definition.conditions["NamesAccepted"], names.status == .false {
            return Finding(
                reference,
                .customResourceDefinitionNamesConflict,
                "another definition has its names already",
                names,
                confidence: 0.9
            )
        }
        if let established = definition.conditions["Established"], established.status == .false {
            return Finding(
                reference,
                .customResourceDefinitionNotEstablished,
                "the API server does not serve \(definition.plural).\(definition.group)",
                established,
                confidence: 0.85
            )
        }
        guard let name = definition.conversionService, let namespace = definition.conversionNamespace,
            snapshot.services.contains(name, in: namespace) == false
        else { return nil }
        return Finding(
            causeClass: .conversionWebhookNotFound,
            object: reference,
            owner: reference,
            severity: .high,
            message:
                "Service \(namespace)/\(name), which converts \(definition.kind) objects between versions, does not exist",
            confidence: 0.85,
            isCause: true,
            evidence: [.field("spec.conversion.webhook.clientConfig.service", of: reference, "\(namespace)/\(name)")],
            related: [Service.apiResource.reference(name, in: namespace)]
        )
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        guard let advice = Self.advice[cause.causeClass] else { return [] }
        return [
            Recommendation(
                title: advice.title,
                description: advice.description,
                command: "kubectl describe \(cause.object.kind.lowercased()) \(cause.object.name)",
                risk: .none
            )
        ]
    }

    private static let advice: [CauseClass: (title: String, description: String)] = [
        .apiServiceUnavailable: (
            "Look at the server behind it",
            "Its condition names the Service. While it is away namespaces cannot be deleted, and controllers lack metrics."
        ),
        .customResourceDefinitionNotEstablished: (
            "Correct the definition", "Its conditions say what is wrong with it."
        ),
        .customResourceDefinitionNamesConflict: (
            "Delete one of the definitions, or give it other names", "Names and short names are unique in an API group."
        ),
        .conversionWebhookNotFound: (
            "Install the webhook's program again",
            "Without it objects of other versions can neither be read nor written."
        ),
    ]
}
