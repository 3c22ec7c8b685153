// SPDX-License-Identifier: Apache-2.0
public import KubeAPI

/// Something that is done to one inventory of a snapshot, whatever its kind.
public protocol InventoryVisitor {
    /// Is called with each inventory of objects that have one kind.
    mutating func visit<Object: Resource>(_ inventory: inout Inventory<Object>)
}

extension Snapshot {
    /// Shows a visitor every inventory of objects that have one kind.
    ///
    /// This is the one list of them: whoever reads, redacts or searches inventories goes over it.
    public mutating func visitInventories(_ visitor: inout some InventoryVisitor) {
        visitor.visit(&services)
        visitor.visit(&endpoints)
        visitor.visit(&endpointSlices)
        visitor.visit(&configMaps)
        visitor.visit(&secrets)
        visitor.visit(&serviceAccounts)
        visitor.visit(&persistentVolumeClaims)
        visitor.visit(&resourceQuotas)
        visitor.visit(&limitRanges)
        visitor.visit(&roles)
        visitor.visit(&roleBindings)
        visitor.visit(&ingresses)
        visitor.visit(&networkPolicies)
        visitor.visit(&horizontalPodAutoscalers)
        visitor.visit(&podDisruptionBudgets)
        visitor.visit(&cronJobs)
        visitor.visit(&gateways)
        visitor.visit(&referenceGrants)
        visitor.visit(&nodes)
        visitor.visit(&namespaces)
        visitor.visit(&persistentVolumes)
        visitor.visit(&storageClasses)
        visitor.visit(&ingressClasses)
        visitor.visit(&priorityClasses)
        visitor.visit(&runtimeClasses)
        visitor.visit(&podMetrics)
        visitor.visit(&mutatingWebhookConfigurations)
        visitor.visit(&validatingWebhookConfigurations)
        visitor.visit(&customResourceDefinitions)
        visitor.visit(&apiServices)
        visitor.visit(&gatewayClasses)
    }

    /// What the inventories say about whether an object exists.
    func known(_ reference: ObjectReference) -> Bool? {
        let (name, namespace, kind) = (reference.name, reference.namespace, reference.kind)
        func answer<Object: Resource>(_ inventory: Inventory<Object>) -> Bool? {
            guard Self.isMeant(Object.apiResource, by: reference) else { return nil }
            return inventory.contains(name, in: namespace)
        }
        switch kind {
        case Service.apiResource.kind: return answer(services)
        case Endpoints.apiResource.kind: return answer(endpoints)
        case EndpointSlice.apiResource.kind: return answer(endpointSlices)
        case ConfigMap.apiResource.kind: return answer(configMaps)
        case Secret.apiResource.kind: return answer(secrets)
        case ServiceAccount.apiResource.kind: return answer(serviceAccounts)
        case PersistentVolumeClaim.apiResource.kind: return answer(persistentVolumeClaims)
        case ResourceQuota.apiResource.kind: return answer(resourceQuotas)
        case LimitRange.apiResource.kind: return answer(limitRanges)
        case Role.apiResource.kind: return answer(roles)
        case RoleBinding.apiResource.kind: return answer(roleBindings)
        case Ingress.apiResource.kind: return answer(ingresses)
        case NetworkPolicy.apiResource.kind: return answer(networkPolicies)
        case HorizontalPodAutoscaler.apiResource.kind: return answer(horizontalPodAutoscalers)
        case PodDisruptionBudget.apiResource.kind: return answer(podDisruptionBudgets)
        case CronJob.apiResource.kind: return answer(cronJobs)
        case Gateway.apiResource.kind: return answer(gateways)
        case ReferenceGrant.apiResource.kind: return answer(referenceGrants)
        case Node.apiResource.kind: return answer(nodes)
        case Namespace.apiResource.kind: return answer(namespaces)
        case PersistentVolume.apiResource.kind: return answer(persistentVolumes)
        case StorageClass.apiResource.kind: return answer(storageClasses)
        case IngressClass.apiResource.kind: return answer(ingressClasses)
        case PriorityClass.apiResource.kind: return answer(priorityClasses)
        case RuntimeClass.apiResource.kind: return answer(runtimeClasses)
        case PodMetrics.apiResource.kind: return answer(podMetrics)
        case MutatingWebhookConfiguration.apiResource.kind: return answer(mutatingWebhookConfigurations)
        case ValidatingWebhookConfiguration.apiResource.kind: return answer(validatingWebhookConfigurations)
        case CustomResourceDefinition.apiResource.kind: return answer(customResourceDefinitions)
        case APIService.apiResource.kind: return answer(apiServices)
        case GatewayClass.apiResource.kind: return answer(gatewayClasses)
        case _ where Route.kinds.contains { $0.kind == kind }: return routes.contains(name, in: namespace, kind: kind)
        default: return customObjects.contains(name, in: namespace, kind: kind)
        }
    }
}
