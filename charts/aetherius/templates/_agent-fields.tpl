{{/* SPDX-License-Identifier: Apache-2.0 */}}

{{/*
Which fields agents may write, for servers that can check it: RBAC ends at the object. Everywhere else the operator
believes nothing that an agent could have written beside its own part.
*/}}
{{- define "aetherius.agentFields" -}}
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  {{- include "aetherius.metadata" (dict "context" . "name" "aetherius-agent-fields" "clusterScoped" true) | nindent 2 }}
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules:
      - apiGroups: [aetherius.io]
        apiVersions: [v1alpha1]
        operations: [UPDATE]
        resources: [clusteragents/status, diagnostictasks/status, executionplans/status]
  matchConditions:
    - name: is-agent
      expression: request.userInfo.?groups.orValue([]).exists(g, g == 'system:serviceaccounts:aetherius-agents')
  variables:
    - name: agent
      expression: request.userInfo.username.split(':')[3]
    - name: now
      expression: "has(object.status) ? object.status : {}"
    - name: before
      expression: "has(oldObject.status) ? oldObject.status : {}"
  validations:
    - expression: >-
        request.resource.resource == 'clusteragents'
        ? object.metadata.name == variables.agent
        : request.namespace == 'aetherius-agent-' + variables.agent
      message: an agent writes to its own ClusterAgent and in its own mailbox only
    - expression: >-
        request.resource.resource != 'clusteragents' || (
        variables.now.?hub == variables.before.?hub && variables.now.?phase == variables.before.?phase
        && variables.now.?observedGeneration == variables.before.?observedGeneration)
      message: status.hub, status.phase and status.observedGeneration are the operator's
    - expression: >-
        request.resource.resource != 'clusteragents' ||
        variables.now.?conditions.orValue([]).filter(c, !(c.type in ['TargetReachable', 'CollectionHealthy']))
        == variables.before.?conditions.orValue([]).filter(c, !(c.type in ['TargetReachable', 'CollectionHealthy']))
      message: of the conditions only TargetReachable and CollectionHealthy are the agent's
    - expression: >-
        request.resource.resource != 'diagnostictasks' || (
        variables.now.all(k, k == 'agent' || (k in variables.before && variables.now[k] == variables.before[k]))
        && variables.before.all(k, k == 'agent' || k in variables.now))
      message: of a task only the report is the agent's
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  {{- include "aetherius.metadata" (dict "context" . "name" "aetherius-agent-fields" "clusterScoped" true) | nindent 2 }}
spec:
  policyName: aetherius-agent-fields
  validationActions: [Deny]
{{- end }}
