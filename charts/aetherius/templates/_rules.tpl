{{/* SPDX-License-Identifier: Apache-2.0 */}}

{{/* What the operator may do in the namespaces that it looks at; the end-to-end test holds it to what it does. */}}
{{- define "aetherius.rules.namespaced" -}}
# The questions, and the answers to them. A task with ttlSecondsAfterFinished is deleted in time.
- apiGroups: [aetherius.io]
  resources: [diagnostictasks]
  verbs: [get, list, watch, delete]
- apiGroups: [aetherius.io]
  resources: [diagnostictasks/status]
  verbs: [update, patch]
- apiGroups: [aetherius.io]
  resources: [knowledgeentries, executionplans]
  verbs: [list, watch]
- apiGroups: [aetherius.io]
  resources: [knowledgeentries/status, executionplans/status]
  verbs: [patch]
# What became of them, for "kubectl describe"; and what the cluster says about workloads.
- apiGroups: [""]
  resources: [events]
  verbs: [list, create, patch]
# What diagnoses look at.
- apiGroups: [""]
  resources: [configmaps, endpoints, limitranges, persistentvolumeclaims, pods, replicationcontrollers, resourcequotas]
  verbs: [list]
- apiGroups: [""]
  resources: [pods/log, serviceaccounts]
  verbs: [get]
- apiGroups: [""]
  resources: [services]
  verbs: [get, list]
- apiGroups: [apps]
  resources: [daemonsets, deployments, replicasets, statefulsets]
  verbs: [list]
- apiGroups: [autoscaling]
  resources: [horizontalpodautoscalers]
  verbs: [list]
- apiGroups: [batch]
  resources: [cronjobs, jobs]
  verbs: [list]
- apiGroups: [gateway.networking.k8s.io]
  resources: [gateways, grpcroutes, httproutes, referencegrants]
  verbs: [list]
- apiGroups: [metrics.k8s.io]
  resources: [pods]
  verbs: [list]
- apiGroups: [networking.k8s.io]
  resources: [ingresses, networkpolicies]
  verbs: [list]
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [list]
{{- if .Values.rbac.readSecrets }}
- apiGroups: [""]
  resources: [secrets]
  verbs: [get]
{{- end }}
{{- with .Values.rbac.extraRules }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* What it may do outside of namespaces. */}}
{{- define "aetherius.rules.cluster" -}}
# The ClusterAgent "local" is created once, at the first start.
- apiGroups: [aetherius.io]
  resources: [clusteragents]
  verbs: [list, watch, create]
- apiGroups: [aetherius.io]
  resources: [clusteragents/status]
  verbs: [patch]
{{- if .Values.agents.enabled }}
{{ include "aetherius.rules.agents" . }}
{{- end }}
# What diagnoses look at.
- apiGroups: [""]
  resources: [namespaces]
  verbs: [get, list]
- apiGroups: [""]
  resources: [nodes, persistentvolumes]
  verbs: [list]
- apiGroups: [admissionregistration.k8s.io]
  resources: [mutatingwebhookconfigurations, validatingwebhookconfigurations]
  verbs: [list]
- apiGroups: [apiregistration.k8s.io]
  resources: [apiservices]
  verbs: [list]
- apiGroups: [gateway.networking.k8s.io]
  resources: [gatewayclasses]
  verbs: [list]
- apiGroups: [networking.k8s.io]
  resources: [ingressclasses]
  verbs: [list]
- apiGroups: [node.k8s.io]
  resources: [runtimeclasses]
  verbs: [get]
- apiGroups: [scheduling.k8s.io]
  resources: [priorityclasses]
  verbs: [get]
- apiGroups: [storage.k8s.io]
  resources: [storageclasses]
  verbs: [get, list]
{{- if and .Values.metrics.enabled .Values.metrics.secure }}
# Who asks for metrics, and whether they may have them.
- apiGroups: [authentication.k8s.io]
  resources: [tokenreviews]
  verbs: [create]
- apiGroups: [authorization.k8s.io]
  resources: [subjectaccessreviews]
  verbs: [create]
{{- end }}
{{- end }}

{{/*
What it needs for agents outside of their common namespace. It holds every right that it grants: without that it could
not grant it, since it has neither "escalate" nor "bind".
*/}}
{{- define "aetherius.rules.agents" -}}
# The identity of the cluster is noted on it. Each agent may get its own.
- apiGroups: [aetherius.io]
  resources: [clusteragents]
  verbs: [get, patch]
# A mailbox for each agent, with roles and bindings in it and beside it.
- apiGroups: [""]
  resources: [namespaces]
  verbs: [create, delete, patch]
- apiGroups: [rbac.authorization.k8s.io]
  resources: [clusterroles, clusterrolebindings, roles, rolebindings]
  verbs: [create, delete, patch]
# The heartbeats.
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [get, list, watch, create, patch]
# What is put into a mailbox and answered there, and what agents get in theirs.
- apiGroups: [aetherius.io]
  resources: [diagnostictasks]
  verbs: [get, list, watch, create, delete]
- apiGroups: [aetherius.io]
  resources: [executionplans]
  verbs: [get, list, watch]
- apiGroups: [aetherius.io]
  resources: [diagnostictasks/status, executionplans/status]
  verbs: [get, patch, update]
- apiGroups: ["", events.k8s.io]
  resources: [events]
  verbs: [create, patch]
- apiGroups: [""]
  resources: [configmaps]
  verbs: [create]
{{- if .Values.agents.localDeployment }}
# What an agent reads that has a Deployment here and looks at this cluster.
{{ include "aetherius.rules.observation" . }}
{{- end }}
{{- end }}

{{- define "aetherius.rules.observation" -}}
- apiGroups: [""]
  resources: [configmaps, endpoints, events, limitranges, namespaces, nodes, persistentvolumeclaims, persistentvolumes, pods, replicationcontrollers, resourcequotas, serviceaccounts, services]
  verbs: [get, list, watch]
- apiGroups: [""]
  resources: [pods/log]
  verbs: [get]
- apiGroups: [admissionregistration.k8s.io]
  resources: [mutatingwebhookconfigurations, validatingwebhookconfigurations]
  verbs: [get, list, watch]
- apiGroups: [apiregistration.k8s.io]
  resources: [apiservices]
  verbs: [get, list, watch]
- apiGroups: [apps]
  resources: [daemonsets, deployments, replicasets, statefulsets]
  verbs: [get, list, watch]
- apiGroups: [autoscaling]
  resources: [horizontalpodautoscalers]
  verbs: [get, list, watch]
- apiGroups: [batch]
  resources: [cronjobs, jobs]
  verbs: [get, list, watch]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [get, list, watch]
- apiGroups: [gateway.networking.k8s.io]
  resources: [gatewayclasses, gateways, grpcroutes, httproutes]
  verbs: [get, list, watch]
- apiGroups: [metrics.k8s.io]
  resources: [nodes, pods]
  verbs: [get, list]
- apiGroups: [networking.k8s.io]
  resources: [ingressclasses, ingresses, networkpolicies]
  verbs: [get, list, watch]
- apiGroups: [node.k8s.io]
  resources: [runtimeclasses]
  verbs: [get, list, watch]
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch]
- apiGroups: [scheduling.k8s.io]
  resources: [priorityclasses]
  verbs: [get, list, watch]
- apiGroups: [storage.k8s.io]
  resources: [storageclasses]
  verbs: [get, list, watch]
{{- end }}

{{/* What it may do in the namespace of all agents. */}}
{{- define "aetherius.rules.agentsNamespace" -}}
# Their accounts, and the tokens by which they register.
- apiGroups: [""]
  resources: [serviceaccounts]
  verbs: [create, delete, patch]
- apiGroups: [""]
  resources: [serviceaccounts/token]
  verbs: [create]
# What is to be applied in far clusters, the kubeconfigs of observed ones, and what tokens are bound to.
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, create, delete, patch]
# The agents that run here.
- apiGroups: [apps]
  resources: [deployments]
  verbs: [list, watch, create, delete, patch]
{{- end }}

{{/* What it may do in its own namespace, whatever it looks at. */}}
{{- define "aetherius.rules.own" -}}
# Which operator works, and that there has been a first start. "create" cannot be bound to names.
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [create]
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  resourceNames: [aetherius-operator]
  verbs: [get, update]
{{- if not (include "aetherius.isConfined" .) }}
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  resourceNames: [aetherius-installation]
  verbs: [get]
{{- end }}
{{- end }}
