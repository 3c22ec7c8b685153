{{/* SPDX-License-Identifier: Apache-2.0 */}}

{{- define "aetherius.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{/* What everything is called; 50 characters leave room for the suffixes of the single objects. */}}
{{- define "aetherius.fullname" -}}
{{- $name := include "aetherius.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end }}

{{- define "aetherius.namespace" -}}
{{- default .Release.Namespace .Values.namespaceOverride -}}
{{- end }}

{{- define "aetherius.selectorLabels" -}}
app.kubernetes.io/name: {{ include "aetherius.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: operator
{{- end }}

{{- define "aetherius.labels" -}}
{{- $own := include "aetherius.selectorLabels" . | fromYaml -}}
{{- $_ := set $own "app.kubernetes.io/version" (.Chart.AppVersion | toString) -}}
{{- $_ := set $own "app.kubernetes.io/part-of" "aetherius" -}}
{{- $_ := set $own "app.kubernetes.io/managed-by" .Release.Service -}}
{{- $_ := set $own "helm.sh/chart" (printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_") -}}
{{- merge $own .Values.commonLabels | toYaml -}}
{{- end }}

{{/*
The metadata of an object.
(dict "context" $ "name" … ["namespace" …] ["clusterScoped" true] ["labels" …] ["annotations" …])
*/}}
{{- define "aetherius.metadata" -}}
{{- $context := .context -}}
name: {{ .name }}
{{- if not .clusterScoped }}
namespace: {{ default (include "aetherius.namespace" $context) .namespace }}
{{- end }}
labels:
  {{- mergeOverwrite (include "aetherius.labels" $context | fromYaml) (default (dict) .labels) | toYaml | nindent 2 }}
{{- with merge (dict) (default (dict) .annotations) $context.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "aetherius.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "aetherius.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- required "serviceAccount.name has to name the ServiceAccount, since serviceAccount.create is false" .Values.serviceAccount.name -}}
{{- end -}}
{{- end }}

{{- define "aetherius.image" -}}
{{- $image := .Values.image -}}
{{- $name := ternary (printf "%s/%s" $image.registry $image.repository) $image.repository (ne $image.registry "") -}}
{{- if $image.digest -}}
{{- printf "%s@%s" $name $image.digest -}}
{{- else -}}
{{- printf "%s:%s" $name (default .Chart.AppVersion $image.tag) -}}
{{- end -}}
{{- end }}

{{- define "aetherius.isConfined" -}}
{{- if eq .Values.scope "namespace" }}true{{ end -}}
{{- end }}

{{/* The namespaces of a confined installation, as a YAML list under the key "items". */}}
{{- define "aetherius.watchNamespaces" -}}
items:
  {{- default (list (include "aetherius.namespace" .)) .Values.watchNamespaces | uniq | sortAlpha | toYaml | nindent 2 }}
{{- end }}

{{- define "aetherius.certificateSecret" -}}
{{- if .Values.metrics.certManager.enabled -}}
{{- default (printf "%s-metrics-tls" (include "aetherius.fullname" .)) .Values.metrics.certificateSecret -}}
{{- else -}}
{{- required "metrics.certificateSecret has to name a Secret with tls.crt and tls.key, or metrics.certManager.enabled has to be true, since metrics.secure is true" .Values.metrics.certificateSecret -}}
{{- end -}}
{{- end }}

{{- define "aetherius.replicas" -}}
{{- if .Values.hpa.enabled }}{{ int .Values.hpa.minReplicas }}{{ else }}{{ int .Values.replicaCount }}{{ end -}}
{{- end }}

{{/* Things that no schema can say. */}}
{{- define "aetherius.check" -}}
{{- if and (include "aetherius.isConfined" .) .Values.metrics.enabled .Values.metrics.secure -}}
{{- fail "metrics.secure needs scope: cluster, since asking whether a token is valid is not a right within a namespace" -}}
{{- end -}}
{{- if and .Values.watchNamespaces (not (include "aetherius.isConfined" .)) -}}
{{- fail "watchNamespaces is for scope: namespace; with scope: cluster the operator looks at all namespaces" -}}
{{- end -}}
{{- if and (not .Values.leaderElection.enabled) (or .Values.hpa.enabled (gt (int .Values.replicaCount) 1)) -}}
{{- fail "leaderElection.enabled may be false only with replicaCount: 1 (or 0) and without hpa.enabled: two operators that know nothing of each other would do everything twice" -}}
{{- end -}}
{{- if and .Values.metrics.enabled .Values.metrics.secure .Values.metrics.certManager.enabled (not .Values.metrics.certManager.issuerRef) -}}
{{- fail "metrics.certManager.issuerRef has to name an issuer, since metrics.certManager.enabled is true" -}}
{{- end -}}
{{- if and .Values.hpa.enabled (lt (int .Values.hpa.maxReplicas) (int .Values.hpa.minReplicas)) -}}
{{- fail "hpa.maxReplicas has to be at least hpa.minReplicas" -}}
{{- end -}}
{{- end }}
