{{/* SPDX-License-Identifier: Apache-2.0 */}}

{{/* The operator's configuration, as far as it differs from what the operator does by itself. */}}
{{- define "aetherius.config" -}}
{{- $values := .Values -}}
{{- $config := dict -}}
{{- if ne (int $values.operator.maxConcurrentTasks) 50 }}{{ $_ := set $config "maxConcurrentTasks" (int $values.operator.maxConcurrentTasks) }}{{ end -}}
{{- if ne (float64 $values.operator.kubeAPIQPS) 500.0 }}{{ $_ := set $config "kubeApiQps" $values.operator.kubeAPIQPS }}{{ end -}}
{{- if ne (int $values.operator.kubeAPIBurst) 1000 }}{{ $_ := set $config "kubeApiBurst" (int $values.operator.kubeAPIBurst) }}{{ end -}}
{{- if ne (int $values.operator.shutdownGracePeriodSeconds) 30 }}{{ $_ := set $config "shutdownGracePeriod" (int $values.operator.shutdownGracePeriodSeconds) }}{{ end -}}
{{- if not (or $values.operator.observeLocal (include "aetherius.isConfined" .)) }}{{ $_ := set $config "observeLocal" false }}{{ end -}}
{{- if ne (int $values.operator.automaticTasksPerMinute) 30 }}{{ $_ := set $config "automaticTasksPerMinute" (int $values.operator.automaticTasksPerMinute) }}{{ end -}}
{{- if ne $values.logging.level "info" }}{{ $_ := set $config "logLevel" $values.logging.level }}{{ end -}}
{{- if ne $values.logging.format "text" }}{{ $_ := set $config "logFormat" $values.logging.format }}{{ end -}}
{{- if not $values.leaderElection.enabled }}{{ $_ := set $config "leaderElection" false }}{{ end -}}
{{- if ne (int $values.health.port) 8080 }}{{ $_ := set $config "healthProbeBindAddress" (printf ":%d" (int $values.health.port)) }}{{ end -}}
{{- if not $values.metrics.enabled -}}
{{- $_ := set $config "metricsBindAddress" "0" -}}
{{- else -}}
{{- if ne (int $values.metrics.port) 9090 }}{{ $_ := set $config "metricsBindAddress" (printf ":%d" (int $values.metrics.port)) }}{{ end -}}
{{- if $values.metrics.secure -}}
{{- $_ := set $config "metricsSecure" true -}}
{{- $_ := set $config "metricsCertDir" "/etc/aetherius-metrics" -}}
{{- end -}}
{{- end -}}
{{- if include "aetherius.isConfined" . }}{{ $_ := set $config "watchNamespaces" (include "aetherius.watchNamespaces" . | fromYaml).items }}{{ end -}}
{{- if $values.rbac.readSecrets }}{{ $_ := set $config "readSecrets" true }}{{ end -}}
{{- if not (or $values.agents.enabled (include "aetherius.isConfined" .)) }}{{ $_ := set $config "agents" false }}{{ end -}}
{{- with $values.tracing.otlpEndpoint }}{{ $_ := set $config "otlpEndpoint" . }}{{ end -}}
{{- $config = mergeOverwrite $config (deepCopy $values.operator.config) -}}
{{- if $config }}{{ toYaml $config }}{{ end -}}
{{- end }}
