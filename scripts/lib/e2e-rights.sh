# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154,SC2034
# The steps of scripts/e2e that are about what the operator may do.
#
# Expects: what scripts/lib/e2e.sh and scripts/lib/audit.sh give

use_every_right() {
  local name
  kubectl apply --filename "$repository/examples/knowledgeentry.yaml" --filename "$repository/examples/executionplan.yaml" >/dev/null
  kubectl apply --filename "$scripts/e2e.d/workloads.yaml" >/dev/null
  for name in without-account without-priority without-runtime; do
    until_true 60 lacks_pods "$name" || problem "$name gets its pods"
  done
  until_true 60 times_out silent || problem "the probe of silent does not time out"
  kubectl apply --filename "$scripts/e2e.d/questions.yaml" >/dev/null
  for name in without-account without-priority without-runtime silent whole-namespace; do
    complete "$name" || problem "task $name is not complete"
  done
  for name in whole-cluster no-such-namespace; do
    complete "$name" 60 "$namespace" || problem "task $name is not complete"
  done
  [ -z "$(status_of whole-cluster agent.unreadable "$namespace")" ] ||
    problem "the whole cluster: could not look at $(status_of whole-cluster agent.unreadable "$namespace")"
  # The same events once more are counted up.
  kubectl patch diagnostictask whole-namespace --namespace "$demo" --type merge --patch '{"spec":{"retryGeneration":1}}' >/dev/null
  until_true 30 is_gone short-lived || problem "a task with ttlSecondsAfterFinished stays"
  until_true 120 has_become_worse || problem "the incident of worse has no task, or its severity stays"
}

# The operator opens a task about what it sees, and says in it when that gets worse.
has_become_worse() {
  kubectl get diagnostictasks --namespace "$namespace" \
    --output 'jsonpath={range .items[*]}{.spec.target.name} {.spec.severity}{"\n"}{end}' | grep -q '^worse High$'
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

# More Services than the operator lists: whether one of them exists it has to ask for by name.
list_a_crowd() {
  local service='{"apiVersion":"v1","kind":"Service","metadata":{"generateName":"s-"},"spec":{"clusterIP":"None"}}' server
  server=$(kubectl config view --minify --output 'jsonpath={.clusters[0].cluster.server}')
  kubectl create namespace aetherius-crowd >/dev/null
  # A few of the names that the server makes up are taken.
  curl --silent --show-error --parallel --parallel-max 40 --output /dev/null \
    --cacert "$dir/pki/ca.crt" --cert "$dir/pki/admin.crt" --key "$dir/pki/admin.key" \
    --header 'Content-Type: application/json' --data "$service" \
    "$server/api/v1/namespaces/aetherius-crowd/services?number=[1-20200]" 2>"$work/crowd.log" ||
    problem "Services cannot be created: $(tail -n 1 "$work/crowd.log")"
  kubectl get --raw '/api/v1/namespaces/aetherius-crowd/services?limit=1' | grep -q '"remainingItemCount":20[0-9][0-9][0-9]\b' ||
    problem "there are not 20,001 Services"
  kubectl apply --filename "$scripts/e2e.d/crowd.yaml" >/dev/null
  complete crowd 120 aetherius-crowd || problem "the task is not complete"
  kubectl get diagnostictask crowd --namespace aetherius-crowd --output yaml | grep -q GoverningServiceNotFound ||
    problem "it is not told that the Service is missing"
}

# What each role grants was used where it counts, or handed on to agents: nobody can grant what it does not have.
compare_rights() {
  local beyond
  beyond=$(rights_beyond clusterrole/aetherius "role/aetherius --namespace $namespace" "role/aetherius-agents --namespace $agents")
  [ -z "$beyond" ] || problem "it did what its roles do not name: $beyond"
  is_used clusterrole/aetherius outside "$agents"
  is_used "role/aetherius --namespace $namespace" in "$namespace"
  is_used "role/aetherius-agents --namespace $agents" in "$agents"
  say "$(wc -l <"$work/granted") rights, $(comm -12 "$work/granted" "$work/used" | wc -l) of them used," \
    "the others handed on to agents: $(comm -23 "$work/granted" "$work/used" | paste -s -d ,)"
}

# is_used ROLE in|outside NAMESPACE
is_used() {
  local idle
  idle=$(comm -23 <(granted_rights "$1") <(sort -u <(used_rights "$2" "$3") "$work/handed-on"))
  [ -z "$idle" ] || problem "$1 allows what was never done: $idle"
}

# rights_beyond ROLE…: what the account used, or asked for in vain, that the roles do not grant.
rights_beyond() {
  refused_requests
  used_rights >"$work/used"
  granted_rights "$@" >"$work/granted"
  comm -23 "$work/used" <(sort -u "$work/granted" <(rights_of_everybody))
}

# The certificate that an Ingress serves has expired: it is told by whoever may read it, and by nobody else.
read_certificates() {
  local shop=aetherius-shop cause
  kubectl apply --filename "$scripts/e2e.d/certificate.yaml" >/dev/null
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=shop.example.com \
    -keyout "$work/shop.key" -out "$work/shop.csr" 2>/dev/null
  openssl x509 -req -in "$work/shop.csr" -signkey "$work/shop.key" -days -1 -out "$work/shop.crt" 2>/dev/null
  kubectl create secret tls shop-tls --namespace "$shop" --cert "$work/shop.crt" --key "$work/shop.key" >/dev/null
  certificate_task closed | kubectl apply --filename - >/dev/null
  complete closed 60 "$shop" || problem "the task is not complete"
  [ -z "$(status_of closed diagnosis.rootCause.class "$shop")" ] ||
    problem "without reading Secrets the cause is '$(status_of closed diagnosis.rootCause.class "$shop")'"
  ! used_rights outside "$agents" | grep '/secrets' >&2 || problem "Secrets were read although rbac.readSecrets is false"

  apply_chart --set rbac.readSecrets=true || problem "the operators do not become ready"
  until_true 30 has_leader || problem "none of the operators works"
  certificate_task open | kubectl apply --filename - >/dev/null
  complete open 60 "$shop" || problem "the task is not complete"
  cause="$(status_of open diagnosis.rootCause.class "$shop") $(status_of open diagnosis.rootCause.object "$shop")"
  [ "$cause" = "CertificateExpired Secret/$shop/shop-tls" ] || problem "the cause is '$cause', not the expired certificate"
  [ "$(used_rights outside "$agents" | grep '/secrets')" = "get /secrets" ] || problem "Secrets were read by other ways than by name"
  ! kubectl get diagnostictask open --namespace "$shop" --output yaml | grep -q 'BEGIN' || problem "the answer holds the Secret"
  [ -z "$(refused_requests)" ] || problem "$(refused_requests)"
}

certificate_task() {
  printf 'apiVersion: aetherius.io/v1alpha1\nkind: DiagnosticTask\nmetadata: {name: %s, namespace: aetherius-shop}\nspec: {}\n' "$1"
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
