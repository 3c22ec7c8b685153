# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154,SC2119,SC2120 # shared variables; functions with options that others use
# The steps of scripts/e2e, in their order.
#
# Expects: what scripts/lib/e2e.sh and scripts/lib/audit.sh give

install() {
  apply_chart || problem "the operators do not become ready"
  until_true 30 has_leader || problem "none of the operators works"
  until_true 30 kubectl wait --for condition=Ready --timeout 20s clusteragent/local >/dev/null ||
    problem "the ClusterAgent of this cluster is not there"
  definitions >"$work/definitions"
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

# Probes and metrics are where the documentation says, and what the alerts and the dashboard ask for is there.
check_endpoints() {
  local address path name
  address=$(kubectl get pod "$(leader)" --namespace "$namespace" --output 'jsonpath={.status.podIP}')
  for path in healthz readyz health health/live health/ready; do
    curl --silent --fail --max-time 5 --output /dev/null "http://$address:8080/$path" || problem "/$path is not served"
  done
  curl --silent --max-time 5 "http://$address:8080/healthz" | grep -q '"name":"network","healthy":true' ||
    problem "/healthz does not tell of the network's threads"
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

# Its answer has to be written to another version of it.
change_running_task() {
  slow_down
  task noted | kubectl apply --filename - >/dev/null
  until_true 60 is_in_phase noted Running || problem "the task does not begin"
  kubectl annotate diagnostictask noted --namespace "$demo" example.com/note=changed >/dev/null
  completed_once noted 1
  [ "$(status_of noted attempts)" = 1 ] || problem "the task was begun again"
}

kill_leader() {
  local killed
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
  # shellcheck disable=SC2034 # refused_requests uses both
  without_roles_from=$(date -u +%FT%TZ)
  "$scripts/local-kubernetes" restart --dir "$dir" kube-apiserver || problem "kube-apiserver was not restarted"
  # shellcheck disable=SC2034
  without_roles_until=$(date -u -d '10 seconds' +%FT%TZ)
  # What it had not yet written into its log is lost with it.
  completed_once disturbed 0
}

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
    token=(--header "Authorization: Bearer $(token_of "$2")")
  fi
  curl --silent --max-time 10 --output /dev/null --write-out '%{http_code}' --cacert "$work/tls.crt" \
    --connect-to "aetherius-metrics:9090:$1:9090" "${token[@]}" https://aetherius-metrics:9090/metrics
}

# token_of SERVICE-ACCOUNT
token_of() {
  echo '{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest"}' |
    kubectl create --raw "/api/v1/namespaces/$demo/serviceaccounts/$1/token" --filename - |
    sed -E 's/.*"token":"([^"]*)".*/\1/'
}

# As "helm uninstall" does it: what is annotated stays, and goes without an operator when somebody deletes it.
uninstall() {
  cluster_agent left "mode: Remote, accepted: true, connection: {server: 'https://hub.example.com:6443'}" |
    kubectl apply --filename - >/dev/null
  until_true 30 kubectl get namespace aetherius-agent-left >/dev/null 2>&1 || problem "nothing is made for the agent"
  remove
  kubectl get diagnostictask crashing --namespace "$demo" >/dev/null || problem "the tasks are gone"
  kubectl delete clusteragent left --timeout 30s >/dev/null || problem "a ClusterAgent hangs"
  until_true 60 lacks_mailbox left || problem "what was made for the agent stays"
}

# remove OPTION…: what the chart has installed, but for the definitions.
remove() {
  "$scripts/manifests" --namespace "$namespace" --output "$work/install.yaml" --kube-version "$kubernetes" \
    "${values[@]}" --set crds.install=false "$@" >/dev/null
  kubectl delete --filename "$work/install.yaml" --timeout 120s >/dev/null || problem "something hangs"
}

remove_everything() {
  # A kubelet takes its time with pods whose image it never had.
  kubectl delete deployments,statefulsets --all --namespace "$demo" >/dev/null
  kubectl delete pods --all --namespace "$demo" --force --grace-period 0 >/dev/null 2>&1
  kubectl delete namespace "$demo" --timeout 60s >/dev/null || problem "the namespace with tasks hangs"
  kubectl delete customresourcedefinitions --selector app.kubernetes.io/part-of=aetherius --timeout 60s >/dev/null ||
    problem "the definitions hang"
}
