# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154,SC2034
# What the steps of scripts/e2e are made of.
#
# Expects: scripts, repository, dir, work, namespace, audit_log

demo=aetherius-demo
current=""

# step TEXT FUNCTION
step() {
  local began=$SECONDS
  current=$1
  "$2"
  printf 'ok  %4d s  %s
' $((SECONDS - began)) "$1"
  current=""
}

# problem TEXT: ends the run.
problem() {
  say "error: $*"
  exit 1
}

show_operator() {
  kubectl get pods --namespace "$namespace" --output wide >&2 || true
  kubectl logs --namespace "$namespace" --selector app.kubernetes.io/component=operator --tail 15 --prefix >&2 || true
}

finish() {
  local code=$?
  trap - ERR
  if [ "$code" != 0 ] && [ -n "$current" ]; then
    say "FAILED: $current"
    show_operator
  fi
  if [ "$keep" = yes ] && [ -n "$keeper" ]; then
    say "the cluster is kept until Ctrl-C: export KUBECONFIG=$dir/admin.kubeconfig"
    trap : INT
    sleep infinity || true
  fi
  if [ -n "$keeper" ]; then
    # The cluster ends when its standard input does.
    exec {keeper}>&-
    wait "$keeper_pid" 2>/dev/null || true
  fi
  rm -rf "$work"
  exit "$code"
}

start_cluster() {
  local arguments=(--node --dir "$dir") minor
  minor=$("$("$scripts/kubernetes-binaries" --node)/kube-apiserver" --version)
  minor=${minor#*v1.}
  minor=${minor%%.*}
  kubernetes=v1.$minor.0
  arguments+=(
    "--kube-apiserver-arg=--audit-policy-file=$scripts/e2e.d/audit-policy.yaml"
    "--kube-apiserver-arg=--audit-log-path=$audit_log"
  )
  # Later servers go by the labels of the namespace.
  [ "$minor" -ge 25 ] || arguments+=("--kube-apiserver-arg=--enable-admission-plugins=PodSecurityPolicy")
  say "starting a cluster with a real node, Kubernetes $kubernetes"
  exec {keeper}> >("$scripts/local-kubernetes" run "${arguments[@]}" >"$work/cluster.out" 2>"$work/cluster.log")
  keeper_pid=$!
  until grep -q ^READY "$work/cluster.out" 2>/dev/null; do
    [ -e "/proc/$keeper_pid" ] || { cat "$work/cluster.log" >&2; die "the cluster did not start"; }
    sleep 0.2
  done
  export KUBECONFIG=$dir/admin.kubeconfig
  [ "$minor" -ge 25 ] || kubectl apply --filename "$scripts/e2e.d/pod-security-policies.yaml" >/dev/null
}

build_image() {
  local archive
  archive=$("$scripts/image" --output "$work" "${image_options[@]}")
  "$scripts/local-kubernetes" load --dir "$dir" "$archive" >/dev/null
  image=$(sed -n 's/^appVersion: *//p' "$repository/charts/aetherius/Chart.yaml")
  # The same program under another name is an upgrade as far as Kubernetes knows.
  in_node ctr --namespace k8s.io images tag "aetherius.local/aetherius:$image" aetherius.local/aetherius:next >/dev/null
}

in_node() { "$scripts/local-kubernetes" exec --dir "$dir" -- "$@"; }

# apply_chart OPTION…: as with "helm upgrade", and waits for it.
apply_chart() {
  "$scripts/manifests" --namespace "$namespace" --output "$work/install.yaml" --kube-version "$kubernetes" \
    "${values[@]}" "$@" >/dev/null
  kubectl apply --server-side --filename "$work/install.yaml" >/dev/null
  kubectl rollout status deployment/aetherius --namespace "$namespace" --timeout 120s >/dev/null
}

# until_true SECONDS COMMAND…
until_true() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    [ $SECONDS -lt $deadline ] || return 1
    sleep 0.1
  done
}

# task NAME [KIND WORKLOAD]: one about a workload, which is the one that crashes unless another is named.
task() {
  cat <<END
---
apiVersion: aetherius.io/v1alpha1
kind: DiagnosticTask
metadata:
  name: $1
  namespace: $demo
spec:
  target: {apiVersion: apps/v1, kind: ${2:-Deployment}, name: ${3:-crashing}}
END
}

status_of() { kubectl get diagnostictask "$1" --namespace "${3:-$demo}" --output "jsonpath={.status.$2}"; }

is_in_phase() { [ "$(status_of "$1" phase)" = "$2" ]; }

complete() { kubectl wait --for condition=Complete --timeout "${2:-120}s" "diagnostictask/$1" --namespace "${3:-$demo}" >/dev/null; }

# With an identity of its own, a process has the pod's name as its beginning.
leader() {
  local holder
  holder=$(kubectl get lease aetherius-operator --namespace "$namespace" --output 'jsonpath={.spec.holderIdentity}')
  printf '%s\n' "${holder%%_*}"
}

has_leader() { kubectl get pod "$(leader)" --namespace "$namespace" >/dev/null 2>&1; }

# So slow that a task takes several seconds: whoever is to be hurt in its midst can be.
slow_down() {
  apply_chart --set 'extraArgs={--kube-api-qps=3,--kube-api-burst=3}'
  until_true 60 has_leader || problem "there is no leader"
}

# completed_once NAME LEAST: it is complete, and nobody has ended it twice.
completed_once() {
  local count
  complete "$1" || problem "task $1 is not complete: $(status_of "$1" phase)"
  count=$(completions "$1")
  { [ "$count" -ge "$2" ] && [ "$count" -le 1 ]; } || problem "task $1 was brought to its end $count times"
}
