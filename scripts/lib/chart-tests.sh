# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# The tests that scripts/test-chart runs.
#
# Expects: scripts, chart, work, update, failures

fail_test() {
  say "FAILED: $*"
  failures=$((failures + 1))
}

# release NAME OPTION…
release() {
  local name=$1
  shift
  "$scripts/helm-template" "$name" "$chart" --namespace aetherius-system "$@"
}

render() { release aetherius "$@"; }

# Leaves out what comes from templates/crds.yaml.
without_definitions() {
  awk '
    $0 == "---" { held = $0; next }
    held != "" { skip = $0 == "# Source: aetherius/templates/crds.yaml"; if (!skip) print held; held = "" }
    !skip { print }
  '
}

test_golden_files() {
  local file name
  mkdir -p "$chart/ci/golden"
  for file in "$chart"/ci/*-values.yaml; do
    name=$(basename "$file" -values.yaml)
    if ! render -f "$file" >"$work/$name.yaml"; then
      fail_test "$name cannot be rendered"
      continue
    fi
    without_definitions <"$work/$name.yaml" >"$work/$name.golden"
    if [ "$update" = yes ]; then
      cp "$work/$name.golden" "$chart/ci/golden/$name.yaml"
    elif ! diff -u "$chart/ci/golden/$name.yaml" "$work/$name.golden" >&2; then
      fail_test "$name is not what ci/golden says (scripts/test-chart --update, if that is wanted)"
    fi
  done
}

# refuses WHAT-IT-SAYS OPTION…
refuses() {
  local expected=$1 answer
  shift
  if answer=$(render "$@" 2>&1 >/dev/null); then
    fail_test "$* is accepted"
  elif [[ $answer != *"$expected"* ]]; then
    fail_test "$*: it says: $answer; expected: $expected"
  fi
}

test_refusals() {
  refuses "Additional property replicas is not allowed" --set replicas=3
  refuses "image: Additional property name is not allowed" --set image.name=x
  refuses "replicaCount: Must be greater than or equal to 0" --set replicaCount=-1
  refuses "replicaCount: Invalid type. Expected: integer, given: string" --set replicaCount=two
  refuses 'image.pullPolicy must be one of the following: "Always", "IfNotPresent", "Never"' --set image.pullPolicy=always
  refuses "image.digest: Does not match pattern" --set image.digest=sha256:abc
  refuses 'scope must be one of the following: "cluster", "namespace"' --set scope=Namespaced
  refuses "watchNamespaces.1: Does not match pattern" --set scope=namespace --set 'watchNamespaces={shop,Pay_ments}'
  refuses "watchNamespaces: array items[0,1] must be unique" --set scope=namespace --set 'watchNamespaces={shop,shop}'
  refuses "operator.maxConcurrentTasks: Must be less than or equal to 1000" --set operator.maxConcurrentTasks=5000
  refuses "logging.level must be one of" --set logging.level=verbose
  refuses "metrics.port: Must be greater than or equal to 1024" --set metrics.port=80
  refuses "metrics.serviceMonitor.interval: Does not match pattern" --set metrics.serviceMonitor.interval=often
  refuses "hpa.metricType must be one of" --set hpa.metricType=Resource
  refuses "podDisruptionBudget.maxUnavailable: Must validate one and only one schema" --set podDisruptionBudget.maxUnavailable=0
  refuses "rbac.readSecrets: Invalid type. Expected: boolean, given: string" --set rbac.readSecrets=yes
  refuses "tracing.otlpEndpoint: Does not match pattern" --set tracing.otlpEndpoint=collector:4318
  # What a schema cannot say.
  refuses "metrics.secure needs scope: cluster" --set scope=namespace --set metrics.secure=true --set metrics.certificateSecret=tls
  refuses "metrics.certificateSecret has to name a Secret" --set metrics.secure=true
  refuses "metrics.certManager.issuerRef has to name an issuer" --set metrics.secure=true --set metrics.certManager.enabled=true
  refuses "serviceAccount.name has to name the ServiceAccount" --set serviceAccount.create=false
  refuses "watchNamespaces is for scope: namespace" --set 'watchNamespaces={shop}'
  refuses "leaderElection.enabled may be false only with replicaCount: 1" --set leaderElection.enabled=false
  refuses "hpa.maxReplicas has to be at least hpa.minReplicas" --set hpa.enabled=true --set hpa.maxReplicas=1
  refuses "incompatible with Kubernetes v1.19.0" --kube-version v1.19.0
}

# shows TEMPLATE TEXT OPTION…
shows() {
  local template=$1 text=$2 answer
  shift 2
  answer=$(render --show-only "templates/$template" "$@") || { fail_test "$* cannot be rendered"; return; }
  grep -qF -- "$text" <<<"$answer" || fail_test "$*: $template does not show '$text'"
}

test_values_on_the_command_line() {
  shows deployment.yaml 'image: "registry.example.com/aetherius:1.2.3"' \
    --set image.registry=registry.example.com --set image.repository=aetherius --set image.tag=1.2.3
  shows configmap.yaml "maxConcurrentTasks: 7" --set operator.maxConcurrentTasks=7
  shows configmap.yaml "leaderElection: false" --set leaderElection.enabled=false --set replicaCount=1
  shows role.yaml "namespace: shop" --set scope=namespace --set 'watchNamespaces={shop,payments}'
  [[ $(render --notes) == *"kubectl rollout status deployment/aetherius --namespace aetherius-system"* ]] ||
    fail_test "NOTES.txt does not say how to wait for the operator"
  # Who only adds a setting that has its default gets the same pods.
  [ "$(render --set operator.maxConcurrentTasks=50)" = "$(render)" ] ||
    fail_test "a default that is given changes what is rendered"
}

test_newer_kubernetes() {
  local file name
  shows agents.yaml "kind: ValidatingAdmissionPolicyBinding" \
    --api-versions admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy
  ! grep -q ValidatingAdmissionPolicy "$work/default.yaml" || fail_test "older servers get a policy for agents"
  shows poddisruptionbudget.yaml "apiVersion: policy/v1" --kube-version v1.30.0
  shows horizontalpodautoscaler.yaml "apiVersion: autoscaling/v2" --kube-version v1.30.0 --set hpa.enabled=true
  render --kube-version v1.30.0 --show-only templates/crds.yaml >"$work/definitions-with-rules"
  for file in "$chart"/files/crds/*.yaml; do
    name=$(grep -c '^ *#cel x-kubernetes-validations:' "$file" || true)
    [ "$name" = 0 ] || grep -q x-kubernetes-validations: "$work/definitions-with-rules" ||
      fail_test "the definitions for newer servers have no rules"
  done
}

# A definition that takes any object: SCOPE is of no account for what is tested.
stand_in() {
  cat <<END
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: $2.$1}
spec:
  group: $1
  scope: Namespaced
  names: {plural: $2, kind: $3}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
END
}

prepare_server() {
  local name
  {
    stand_in monitoring.coreos.com servicemonitors ServiceMonitor
    stand_in monitoring.coreos.com prometheusrules PrometheusRule
    stand_in cert-manager.io certificates Certificate
  } | kubectl apply --filename - >/dev/null
  for name in aetherius-system aetherius-agents platform monitoring shop payments; do kubectl create namespace "$name" >/dev/null; done
  kubectl wait --for condition=Established --timeout 30s customresourcedefinitions --all >/dev/null
}

test_server_accepts() {
  local file name
  for file in "$chart"/ci/*-values.yaml; do
    name=$(basename "$file" -values.yaml)
    kubectl apply --server-side --dry-run=server --filename "$work/$name.yaml" >"$work/answer" 2>&1 ||
      { grep -v '(server dry run)$' "$work/answer" >&2; fail_test "the server refuses $name"; }
  done
}

# The specs of the definitions in a file or directory, in one form.
specs() {
  kubectl create --dry-run=client --validate=false --filename "$1" --output json |
    sed -n '/^    *"spec": {$/,$p'
}

test_definitions() {
  local file name options
  for options in v1.20.0:crds v1.30.0:crds/cel; do
    render --kube-version "${options%%:*}" --show-only templates/crds.yaml >"$work/definitions.yaml"
    csplit --quiet --elide-empty-files --prefix "$work/definition-" "$work/definitions.yaml" '/^---$/' '{*}'
    for file in "$work"/definition-*; do
      name=$(sed -n 's/^  name: \([a-z]*\)\.aetherius\.io$/\1/p' "$file")
      diff <(specs "$chart/../../${options#*:}/$name.yaml") <(specs "$file") >&2 ||
        fail_test "for Kubernetes ${options%%:*} the chart's $name differ from those of ${options#*:}"
    done
    rm "$work"/definition-*
  done
}

test_second_apply_changes_nothing() {
  local before after
  kubectl apply --server-side --filename "$work/default.yaml" >/dev/null || { fail_test "default cannot be applied"; return; }
  before=$(versions)
  kubectl apply --server-side --filename "$work/default.yaml" >/dev/null || fail_test "default cannot be applied twice"
  after=$(versions)
  [ "$before" = "$after" ] || fail_test "applying the same again changes objects: $(diff <(echo "$before") <(echo "$after"))"
}

versions() {
  kubectl get --filename "$work/default.yaml" \
    --output 'jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.generation} {.metadata.resourceVersion}{"\n"}{end}'
}

# may ACCOUNT yes|no VERB RESOURCE [OPTION…]: the server hears of new roles a moment after they were made.
may() {
  local account=$1 expected=$2 answer deadline=$((SECONDS + 5))
  shift 2
  while :; do
    answer=$(kubectl auth can-i "$@" --as "system:serviceaccount:aetherius-system:$account" 2>/dev/null) || true
    if [ "$answer" = "$expected" ] || [ "$expected" = no ] || [ $SECONDS -ge $deadline ]; then break; fi
    sleep 0.1
  done
  [ "$answer" = "$expected" ] || fail_test "may $account $*? $answer; expected: $expected"
}

test_rights() {
  local resource
  may aetherius yes list pods --all-namespaces
  may aetherius yes get pods --subresource log --namespace shop
  may aetherius yes patch diagnostictasks.aetherius.io --subresource status --namespace shop
  may aetherius yes update leases.coordination.k8s.io/aetherius-operator --namespace aetherius-system
  may aetherius no update leases.coordination.k8s.io/other --namespace aetherius-system
  may aetherius no update leases.coordination.k8s.io/aetherius-operator --namespace shop
  for resource in pods deployments.apps configmaps nodes; do
    may aetherius no delete "$resource" --namespace shop
    may aetherius no patch "$resource" --namespace shop
  done
  for resource in get list watch; do may aetherius no "$resource" secrets --namespace aetherius-system; done
  may aetherius no create pods --subresource exec --namespace shop
  may aetherius no update diagnostictasks.aetherius.io --namespace shop
  may aetherius no delete leases.coordination.k8s.io --namespace aetherius-agent-edge1

  # What agents need.
  may aetherius yes create namespaces
  may aetherius yes create diagnostictasks.aetherius.io --namespace aetherius-agent-edge1
  may aetherius yes create serviceaccounts --subresource token --namespace aetherius-agents
  may aetherius yes get secrets --namespace aetherius-agents
  may aetherius yes patch deployments.apps --namespace aetherius-agents
  may aetherius no list secrets --namespace aetherius-agents
  may aetherius no create serviceaccounts --subresource token --namespace aetherius-system
  may aetherius yes watch pods --namespace shop
  may aetherius no watch configmaps --namespace shop
  may aetherius yes patch diagnostictasks.aetherius.io --namespace aetherius-system
  may aetherius no patch diagnostictasks.aetherius.io --namespace shop
  may aetherius no impersonate users
  may aetherius no bind clusterroles.rbac.authorization.k8s.io
  may aetherius no escalate clusterroles.rbac.authorization.k8s.io
  may aetherius no '*' '*'

  # Without agents there is nothing that they would need.
  release single --set agents.enabled=false --set crds.install=false >"$work/single.yaml"
  kubectl apply --server-side --filename "$work/single.yaml" >/dev/null || fail_test "without agents it cannot be applied"
  may single-aetherius yes list clusteragents.aetherius.io
  may single-aetherius no create namespaces
  may single-aetherius no create clusterroles.rbac.authorization.k8s.io
  may single-aetherius no get secrets --namespace aetherius-agents
  ! grep -q aetherius-agents "$work/single.yaml" || fail_test "without agents there is something for them"

  # What is not watched may not be watched.
  release blind --set operator.observeLocal=false --set crds.install=false >"$work/blind.yaml"
  kubectl apply --server-side --filename "$work/blind.yaml" >/dev/null || fail_test "without watching it cannot be applied"
  for resource in pods events nodes deployments.apps; do
    may blind-aetherius yes list "$resource"
    may blind-aetherius no watch "$resource"
  done

  # With Secrets, and confined to two namespaces.
  release reader --set rbac.readSecrets=true --set crds.install=false >"$work/reader.yaml"
  release confined -f "$chart/ci/namespace-scoped-values.yaml" >"$work/confined.yaml"
  kubectl apply --server-side --filename "$work/reader.yaml" --filename "$work/confined.yaml" >/dev/null ||
    { fail_test "further installations cannot be applied"; return; }
  may reader-aetherius yes get secrets --namespace shop
  may reader-aetherius no list secrets --namespace shop
  may confined-aetherius yes list pods --namespace shop
  may confined-aetherius yes get pods --subresource log --namespace payments
  may confined-aetherius no list pods --namespace default
  may confined-aetherius no list pods --all-namespaces
  may confined-aetherius no watch pods --namespace shop
  may confined-aetherius no list nodes
  may confined-aetherius no list clusteragents.aetherius.io
  ! grep -q '^kind: Cluster' "$work/confined.yaml" || fail_test "a confined installation has cluster-scoped objects"
  ! grep -qF "'*'" "$work/default.yaml" || fail_test "there is a wildcard"
}
