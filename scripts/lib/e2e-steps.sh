# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# The steps of scripts/e2e, in their order.
#
# Expects: what scripts/lib/e2e.sh and scripts/lib/audit.sh give

install() {
  apply_chart || problem "the operators do not become ready"
  until_true 30 has_leader || problem "none of the operators works"
  until_true 30 kubectl wait --for condition=Ready --timeout 20s clusteragent/local >/dev/null ||
    problem "the ClusterAgent of this cluster is not there"
}

check_pod_security() {
  local policies user
  case $kubernetes in
    v1.2[0-4].*)
      policies=$(kubectl get pods --namespace "$namespace" \
        --output 'jsonpath={.items[*].metadata.annotations.kubernetes\.io/psp}')
      [ "$policies" = "restricted restricted" ] || problem "the pods' policies are: $policies"
      ;;
    *)
      [ "$(kubectl get namespace "$namespace" --output 'jsonpath={.metadata.labels.pod-security\.kubernetes\.io/enforce}')" = restricted ] ||
        problem "the namespace is not restricted"
      ;;
  esac
  user=$(in_node sh -c "cat /proc/$(process_of "$(leader)")/status" | sed -n 's/^Uid:[[:space:]]*\([0-9]*\).*/\1/p')
  [ "$user" = 1000 ] || problem "the operator runs as user $user"
}

# The process id, within the node, of a pod's container.
process_of() {
  local id
  id=$(kubectl get pod "$1" --namespace "$namespace" --output 'jsonpath={.status.containerStatuses[0].containerID}')
  in_node ctr --namespace k8s.io tasks list | awk -v id="${id#containerd://}" '$1 == id { print $2 }'
}

run_chart_test() {
  "$scripts/helm-template" aetherius "$repository/charts/aetherius" --namespace "$namespace" "${values[@]}" \
    --kube-version "$kubernetes" --show-only templates/tests/diagnose.yaml | kubectl apply --filename - >/dev/null
  until_true 60 chart_test_has_ended || problem "the test's pod does not end"
  [ "$(kubectl get pod aetherius-test --namespace "$namespace" --output 'jsonpath={.status.phase}')" = Succeeded ] ||
    problem "it says: $(kubectl logs aetherius-test --namespace "$namespace")"
  kubectl delete pod aetherius-test --namespace "$namespace" --wait=false >/dev/null
}

chart_test_has_ended() {
  case $(kubectl get pod aetherius-test --namespace "$namespace" --output 'jsonpath={.status.phase}') in
    Succeeded | Failed) ;;
    *) return 1 ;;
  esac
}

diagnose_demonstration() {
  local file name expected cause
  for file in namespace workloads; do kubectl apply --filename "$repository/examples/demo/$file.yaml" >/dev/null; done
  until_true 120 has_failed || problem "the workloads do not fail as they should"
  kubectl apply --filename "$repository/examples/demo/tasks.yaml" >/dev/null
  for expected in crashing:ApplicationCrash unpullable:ImageRegistryUnreachable hungry:OOMKilled steady:; do
    name=${expected%%:*}
    complete "$name" 60 || problem "task $name is not complete"
    cause=$(status_of "$name" diagnosis.rootCause.class)
    [ "$cause" = "${expected#*:}" ] || problem "$name: the cause is '$cause', not '${expected#*:}'"
    [ -z "$(status_of "$name" agent.unreadable)" ] ||
      problem "$name: could not look at $(status_of "$name" agent.unreadable)"
  done
  kubectl describe diagnostictask crashing --namespace "$demo" | grep -q TaskCompleted ||
    problem "kubectl describe shows no event of the task's end"
}

# All three have failed, and the fourth is ready.
has_failed() {
  local states
  states=$(kubectl get pods --namespace "$demo" --output go-template='{{range .items}}{{range .status.containerStatuses}}
{{- with .state.waiting}}{{.reason}} {{end}}{{with .lastState.terminated}}{{.reason}} {{end}}{{if .ready}}ready {{end}}{{end}}{{end}}')
  case $states in *Error*) ;; *) return 1 ;; esac
  case $states in *ImagePull*) ;; *) return 1 ;; esac
  case $states in *OOMKilled*) ;; *) return 1 ;; esac
  case $states in *ready*) ;; *) return 1 ;; esac
}

use_every_right() {
  local name
  kubectl apply --filename "$repository/examples/knowledgeentry.yaml" --filename "$repository/examples/executionplan.yaml" >/dev/null
  kubectl apply --filename "$scripts/e2e.d/workloads.yaml" >/dev/null
  for name in without-account without-priority without-runtime; do
    until_true 60 lacks_pods "$name" || problem "$name gets its pods"
  done
  until_true 60 times_out silent || problem "the probe of silent does not time out"
  kubectl apply --filename "$scripts/e2e.d/questions.yaml" >/dev/null
  for name in without-account without-priority without-runtime silent whole-namespace; do complete "$name" || problem "task $name is not complete"; done
  for name in whole-cluster no-such-namespace; do
    complete "$name" 60 "$namespace" || problem "task $name is not complete"
  done
  [ -z "$(status_of whole-cluster agent.unreadable "$namespace")" ] ||
    problem "the whole cluster: could not look at $(status_of whole-cluster agent.unreadable "$namespace")"
  # The same events once more are counted up.
  kubectl patch diagnostictask whole-namespace --namespace "$demo" --type merge --patch '{"spec":{"retryGeneration":1}}' >/dev/null
  until_true 30 is_gone short-lived || problem "a task with ttlSecondsAfterFinished stays"
}

# What a pod needs is not there, and so there is an event about that instead of a pod.
lacks_pods() {
  kubectl get events --namespace "$demo" --field-selector reason=FailedCreate \
    --output 'jsonpath={.items[*].involvedObject.name}' | grep -q "$1"
}

times_out() {
  kubectl get events --namespace "$demo" --field-selector reason=Unhealthy \
    --output 'jsonpath={range .items[*]}{.involvedObject.name} {.message}{"\n"}{end}' |
    grep -q "^$1-.*\(deadline exceeded\|Client.Timeout\)"
}

is_gone() { ! kubectl get diagnostictask "$1" --namespace "$demo" >/dev/null 2>&1; }

# Probes and metrics are where the documentation says, and what the alerts and the dashboard ask for is there.
check_endpoints() {
  local address path name
  address=$(kubectl get pod "$(leader)" --namespace "$namespace" --output 'jsonpath={.status.podIP}')
  for path in healthz readyz health health/live health/ready; do
    curl --silent --fail --max-time 5 --output /dev/null "http://$address:8080/$path" || problem "/$path is not served"
  done
  curl --silent --fail --max-time 5 "http://$address:9090/metrics" >"$work/metrics" || problem "there are no metrics"
  for name in $(metrics_asked_for); do
    grep -q "^# TYPE ${name%_bucket} " "$work/metrics" || problem "an alert or the dashboard asks for $name, which is not there"
  done
}

metrics_asked_for() {
  "$scripts/helm-template" aetherius "$repository/charts/aetherius" --set metrics.prometheusRule.enabled=true \
    --set metrics.dashboard.enabled=true --show-only templates/prometheusrule.yaml --show-only templates/dashboard.yaml |
    grep -oE '\b[a-z_]+\{|label_values\([a-z_]+' | sed -E 's/^label_values\(//; s/\{$//' | grep -vx up | sort -u
}

# The roles view, edit and admin of a namespace know the four kinds.
check_people() {
  local role question
  for role in view edit admin; do
    kubectl create rolebinding "$role" --clusterrole "$role" --user "$role" --namespace "$demo" >/dev/null
  done
  until_true 30 may edit create diagnostictasks.aetherius.io || problem "edit may not create tasks"
  for question in "view get diagnostictasks" "view list executionplans" "edit delete knowledgeentries" \
    "admin create executionplans" "admin approve executionplans"; do
    # shellcheck disable=SC2086 # three words
    may ${question}.aetherius.io || problem "it may not: $question"
  done
  for question in "view create diagnostictasks" "edit create executionplans" "edit approve executionplans" \
    "admin update clusteragents"; do
    # shellcheck disable=SC2086 # three words
    ! may ${question}.aetherius.io || problem "it may: $question"
  done
}

# may USER VERB RESOURCE
may() { kubectl auth can-i "$2" "$3" --namespace "$demo" --as "$1" >/dev/null 2>&1; }

kill_leader() {
  local killed
  slow_down
  task killed | kubectl apply --filename - >/dev/null
  until_true 60 is_in_phase killed Running || problem "the task does not begin"
  killed=$(leader)
  in_node sh -c "kill -9 $(process_of "$killed")"
  is_in_phase killed Running || problem "the task was over before its operator was killed"
  until_true 60 was_restarted "$killed" || problem "the operator was not killed"
  completed_once killed 1
  [ "$(status_of killed attempts)" -ge 2 ] || problem "the task was not begun again"
}

was_restarted() {
  [ "$(kubectl get pod "$1" --namespace "$namespace" --output 'jsonpath={.status.containerStatuses[0].restartCount}')" -ge 1 ]
}

restart_api_server() {
  task disturbed | kubectl apply --filename - >/dev/null
  until_true 90 is_in_phase disturbed Running || problem "the task does not begin"
  # Somebody changes the task meanwhile: its answer has to be written to another version of it.
  kubectl annotate diagnostictask disturbed --namespace "$demo" example.com/note=changed >/dev/null
  "$scripts/local-kubernetes" restart --dir "$dir" kube-apiserver || problem "kube-apiserver was not restarted"
  # What it had not yet written into its log is lost with it.
  completed_once disturbed 0
}

upgrade_under_load() {
  local number count changed
  apply_chart --set 'extraArgs={--kube-api-qps=60}'
  for ((number = 1; number <= tasks; number++)); do task "load-$number"; done >"$work/load.yaml"
  kubectl apply --server-side --filename "$work/load.yaml" >/dev/null &
  changed=$!
  until_true 60 is_in_phase load-1 Running 2>/dev/null || is_in_phase load-1 Completed || problem "no task begins"
  apply_chart --set 'extraArgs={--kube-api-qps=60}' --set image.tag=next || problem "the upgrade does not come to an end"
  count=$(count_in_phase Completed)
  say "$count of $tasks tasks were complete when the upgrade was"
  wait "$changed"
  until_true 300 all_complete || problem "only $(count_in_phase Completed) of $tasks tasks are complete"
  for ((number = 1; number <= tasks; number++)); do
    [ "$(completions "load-$number")" = 1 ] || problem "load-$number was brought to its end $(completions "load-$number") times"
  done
}

count_in_phase() {
  kubectl get diagnostictasks --namespace "$demo" \
    --output 'jsonpath={range .items[*]}{.metadata.name} {.status.phase}{"\n"}{end}' | grep -c "^load-.* $1\$" || true
}

all_complete() { [ "$(count_in_phase Completed)" = "$tasks" ]; }

# Over TLS, and for those alone who may have them.
secure_metrics() {
  local address
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=aetherius-metrics -addext subjectAltName=DNS:aetherius-metrics \
    -keyout "$work/tls.key" -out "$work/tls.crt" 2>/dev/null
  kubectl create secret tls metrics-tls --namespace "$namespace" --cert "$work/tls.crt" --key "$work/tls.key" >/dev/null
  kubectl create serviceaccount scraper --namespace "$demo" >/dev/null
  kubectl create clusterrolebinding scraper --clusterrole aetherius-metrics-reader --serviceaccount "$demo:scraper" >/dev/null
  apply_chart --set metrics.secure=true --set metrics.certificateSecret=metrics-tls || problem "the operators do not become ready"
  until_true 30 has_leader || problem "none of the operators works"
  address=$(kubectl get pod "$(leader)" --namespace "$namespace" --output 'jsonpath={.status.podIP}')
  [ "$(metrics_answer "$address")" = 401 ] || problem "without a token, /metrics answers $(metrics_answer "$address")"
  [ "$(metrics_answer "$address" default)" = 403 ] || problem "to anybody, /metrics answers $(metrics_answer "$address" default)"
  [ "$(metrics_answer "$address" scraper)" = 200 ] || problem "to the scraper, /metrics answers $(metrics_answer "$address" scraper)"
}

# metrics_answer ADDRESS [SERVICE-ACCOUNT]: the status code.
metrics_answer() {
  local token=()
  if [ $# = 2 ]; then
    token=(--header "Authorization: Bearer $(echo '{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest"}' |
      kubectl create --raw "/api/v1/namespaces/$demo/serviceaccounts/$2/token" --filename - |
      sed -E 's/.*"token":"([^"]*)".*/\1/')")
  fi
  curl --silent --max-time 10 --output /dev/null --write-out '%{http_code}' --cacert "$work/tls.crt" \
    --connect-to "aetherius-metrics:9090:$1:9090" "${token[@]}" https://aetherius-metrics:9090/metrics
}

# Rights that this run gives no occasion to use, and why the operator has them.
rights_for_other_occasions() {
  # Of more than 20,000 Services, one by one.
  printf 'get /services\n'
  rights_for_agents
}

# There are no other clusters here: the tests of the operator connect some, with these rights and no others.
rights_for_agents() {
  local kind
  printf '%s /namespaces\n' create delete patch
  for kind in clusterroles clusterrolebindings roles rolebindings; do
    printf "%s rbac.authorization.k8s.io/$kind\n" create delete patch
  done
  printf '%s aetherius.io/clusteragents\n' get patch
  for kind in diagnostictasks executionplans; do
    printf "%s aetherius.io/$kind\n" get create delete
    printf "%s aetherius.io/$kind/status\n" get patch update
  done
  printf '%s events.k8s.io/events\n' create patch
  printf '%s coordination.k8s.io/leases\n' patch
  printf '%s /configmaps\n' create
  printf '%s /serviceaccounts\n' get create delete patch
  printf '%s /serviceaccounts/token\n' create
  printf '%s /secrets\n' get create delete patch
  printf '%s apps/deployments\n' get create delete patch
}

compare_rights() {
  local beyond idle
  beyond=$(rights_beyond "clusterrole/aetherius" "role/aetherius --namespace $namespace" \
    "role/aetherius-agents --namespace aetherius-agents")
  [ -z "$beyond" ] || problem "it did what its roles do not name: $beyond"
  idle=$(comm -23 "$work/granted" <(sort -u "$work/used" <(rights_for_other_occasions)))
  [ -z "$idle" ] || problem "it may do what it never did: $idle"
  say "$(wc -l <"$work/granted") rights, $(wc -l <"$work/used") of them seen in the audit log"
}

# rights_beyond ROLE…: what the account used, or asked for in vain, that the roles do not grant.
rights_beyond() {
  refused_requests
  used_rights >"$work/used"
  granted_rights "$@" >"$work/granted"
  comm -23 "$work/used" <(sort -u "$work/granted" <(rights_of_everybody))
}

# As "helm uninstall" does it: what is annotated stays.
uninstall() {
  remove
  kubectl get diagnostictask crashing --namespace "$demo" >/dev/null || problem "the tasks are gone"
}

# remove OPTION…: what the chart has installed, but for the definitions.
remove() {
  "$scripts/manifests" --namespace "$namespace" --output "$work/install.yaml" --kube-version "$kubernetes" \
    "${values[@]}" --set crds.install=false "$@" >/dev/null
  kubectl delete --filename "$work/install.yaml" --timeout 120s >/dev/null || problem "something hangs"
}

# Roles in two namespaces, nothing else: it answers, and does not even try to look elsewhere.
confine() {
  local beyond name scope=(--set scope=namespace --set "watchNamespaces={$demo}" --set crds.install=false)
  namespace=confined account=system:serviceaccount:confined:aetherius
  apply_chart "${scope[@]}" || problem "the operators do not become ready"
  until_true 30 has_leader || problem "none of the operators works"
  {
    task confined
    task confined-account StatefulSet without-account
    task confined-priority Deployment without-priority
  } | kubectl apply --filename - >/dev/null
  for name in confined confined-account confined-priority; do
    complete "$name" 60 || problem "task $name is not complete"
  done
  [ "$(status_of confined diagnosis.rootCause.class)" = ApplicationCrash ] || problem "the cause is not found"
  beyond=$(rights_beyond "role/aetherius --namespace $namespace" "role/aetherius-watch --namespace $demo")
  [ -z "$beyond" ] || problem "it did what its roles do not name: $beyond"
  remove "${scope[@]}"
}

remove_everything() {
  # A kubelet takes its time with pods whose image it never had.
  kubectl delete deployments,statefulsets --all --namespace "$demo" >/dev/null
  kubectl delete pods --all --namespace "$demo" --force --grace-period 0 >/dev/null 2>&1
  kubectl delete namespace "$demo" --timeout 60s >/dev/null || problem "the namespace with tasks hangs"
  kubectl delete customresourcedefinitions --selector app.kubernetes.io/part-of=aetherius --timeout 60s >/dev/null ||
    problem "the definitions hang"
}
