# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# What the demonstration shows in the end.
#
# Expects: dir, mode, node, kubeconfig, context, demo_namespace

# shellcheck disable=SC2016 # a Go template
answers='
{{- range .items}}{{$task := .}}
{{.metadata.name}}
{{- with .status.diagnosis}}{{$diagnosis := .}}
{{- with .rootCause}}
  {{.class}} in {{.object}}, confidence {{.confidence}}
  {{.message}}
  evidence:
{{- range $id := .evidence}}{{with $task.status.agent}}{{range .evidence}}{{if eq .id $id}}
    - {{.source}}: {{.text}}
{{- end}}{{end}}{{end}}{{end}}
{{- with $task.status.recommendations}}
  what to do:
{{- range .}}
    - {{.title}}{{with .command}}: {{.}}{{end}}
{{- end}}{{end}}
{{- else}}
  {{$diagnosis.summary}}
{{- end}}
{{- with $task.status.agent}}{{range .unreadable}}
  could not look at: {{.what}} ({{.reason}})
{{- end}}{{end}}
{{- end}}
{{end}}'

show_report() {
  local setting="" options="" program=.build/debug/aetherius
  if [ "$mode" = "local" ]; then
    setting="export KUBECONFIG=$kubeconfig"
  elif [ -n "$kubeconfig" ]; then
    setting="export KUBECONFIG=$kubeconfig"
    options=" --context $context"
  else
    options=" --context $context"
  fi
  printf '\n$ kubectl get diagnostictasks --namespace %s\n' "$demo_namespace"
  kube get diagnostictasks --namespace "$demo_namespace"
  kube get diagnostictasks --namespace "$demo_namespace" --output go-template="$answers"
  if [ "$mode $node" = "local no" ]; then
    printf '\nThere is no node here: what was diagnosed are objects that were recorded on a real one\n'
    printf '(examples/incidents/). Nothing runs, so there are no logs but what the objects carry.\n'
  fi
  printf '\nEverything keeps running. To look further:\n'
  [ -z "$setting" ] || printf '  %s\n' "$setting"
  printf '  kubectl%s describe diagnostictask crashing --namespace %s\n' "$options" "$demo_namespace"
  printf '  kubectl%s get diagnostictasks,clusteragents,knowledgeentries,executionplans --all-namespaces\n' "$options"
  printf '  %s diagnose --namespace %s%s\n' "$program" "$demo_namespace" "$options"
  printf '  tail %s/logs/operator.log\n' "$dir"
  printf 'To end it: make demo-down\n'
}
