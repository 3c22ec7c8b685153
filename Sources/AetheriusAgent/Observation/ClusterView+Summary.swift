// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeRuntime

extension ClusterView {
    /// The cluster in numbers; what could not be read is left out.
    func summary() -> ClusterAgent.Summary {
        var summary = ClusterAgent.Summary()
        let observation = observation
        if isKnown(observation.nodes, Node.apiResource) {
            let nodes = observation.nodes.store.list()
            summary.nodes = nodes.count
            summary.nodesReady = nodes.count { $0.isReady }
        }
        if isKnown(observation.pods, Pod.apiResource) {
            summary.pods = observation.pods.store.count
            summary.podsRunning = observation.podCount("Running")
            summary.podsPending = observation.podCount("Pending")
            summary.podsFailed = observation.podCount("Failed")
        }
        if isKnown(observation.deployments, DeploymentKind.resource) {
            let deployments = observation.deployments.store.list()
            summary.deployments = deployments.count
            summary.deploymentsHealthy = deployments.count { $0.available >= $0.wanted ?? 0 }
        }
        summary.statefulSets = count(observation.statefulSets, StatefulSetKind.resource)
        summary.daemonSets = count(observation.daemonSets, DaemonSetKind.resource)
        summary.services = count(observation.services, Service.apiResource)
        summary.ingresses = count(observation.ingresses, TargetObservation.ingressResource)
        summary.namespaces = count(observation.namespaces, Namespace.apiResource)
        if observation.health.isReadable(Event.apiResource.plural) {
            summary.events = observation.census.count
            summary.warningEvents = observation.census.warningCount
        }
        return summary
    }

    private func isKnown(_ informer: Informer<some KubernetesObject>, _ resource: APIResource) -> Bool {
        informer.hasSynced && observation.health.isReadable(resource.plural)
    }

    private func count(_ informer: Informer<some KubernetesObject>, _ resource: APIResource) -> Int? {
        isKnown(informer, resource) ? informer.store.count : nil
    }
}
