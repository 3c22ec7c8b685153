# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# The step of scripts/e2e that connects other clusters. There is one cluster here: a Remote agent is given everything
# and never comes, a Hosted one looks at the cluster that it runs in, once nobody else does.
#
# Expects: what scripts/lib/e2e.sh and scripts/lib/audit.sh give

agents=aetherius-agents

connect_clusters() {
  local server
  server=https://$(kubectl get service kubernetes --namespace default --output 'jsonpath={.spec.clusterIP}')
  give_manifest "$server"
  kubectl delete clusteragent local --timeout 30s >/dev/null || problem "the ClusterAgent of this cluster hangs"
  run_agent "$server"
  task_for_agent
  let_go near
  let_go edge
  cluster_agent local 'mode: Local, accepted: true' | kubectl apply --filename - >/dev/null
  kubectl wait --for condition=Ready --timeout 30s clusteragent/local >/dev/null || problem "the cluster's own ClusterAgent does not come back"
}

# cluster_agent NAME FIELDS
cluster_agent() {
  printf 'apiVersion: aetherius.io/v1alpha1\nkind: ClusterAgent\nmetadata: {name: %s}\nspec: {%s}\n' "$1" "$2"
}

# What a Remote agent needs; its role is what a Hosted one gets in the cluster that it observes.
give_manifest() {
  cluster_agent edge "mode: Remote, accepted: true, connection: {server: '$1'}" | kubectl apply --filename - >/dev/null
  until_true 30 kubectl get secret edge-install --namespace "$agents" >/dev/null 2>&1 || problem "there is no manifest for a far cluster"
  kubectl get secret edge-install --namespace "$agents" --output 'jsonpath={.data.manifest\.yaml}' | base64 -d |
    awk 'BEGIN { RS = "---\n" } /\nkind: ClusterRole\n/' | kubectl apply --filename - >/dev/null
}

run_agent() {
  local token
  kubectl create serviceaccount observer --namespace "$demo" >/dev/null
  kubectl create clusterrolebinding observer --clusterrole aetherius-agent --serviceaccount "$demo:observer" >/dev/null
  token=$(token_of observer)
  cat >"$work/near.kubeconfig" <<END
{apiVersion: v1, kind: Config, current-context: near, contexts: [{name: near, context: {cluster: near, user: near}}],
users: [{name: near, user: {token: $token}}],
clusters: [{name: near, cluster: {server: $1, certificate-authority-data: $(base64 -w 0 "$dir/pki/ca.crt")}}]}
END
  kubectl create secret generic near --namespace "$agents" --from-file "kubeconfig=$work/near.kubeconfig" >/dev/null
  cluster_agent near 'mode: Hosted, accepted: true, target: {kubeconfigSecretRef: {name: near}}' | kubectl apply --filename - >/dev/null
  kubectl wait --for condition=Ready --timeout 90s clusteragent/near >/dev/null || {
    kubectl get clusteragent near --output yaml >&2
    kubectl logs --namespace "$agents" deployment/aetherius-agent-near --tail 20 >&2
    problem "the agent does not come online"
  }
  case $kubernetes in
    v1.2[0-4].*)
      [ "$(kubectl get pods --namespace "$agents" --output 'jsonpath={.items[*].metadata.annotations.kubernetes\.io/psp}')" = restricted ] ||
        problem "the agent does not run under the restricted policy"
      ;;
  esac
}

# The agent looks into it, with its rights; what they are the operator has to have to be able to grant it.
task_for_agent() {
  local refused
  task near | sed -e "s/^  namespace: .*/  namespace: $namespace/" -e 's/^  target: {/  clusterRef: {name: near}\n  target: {namespace: '"$demo"', /' |
    kubectl apply --filename - >/dev/null
  complete near 60 "$namespace" || problem "the agent's task is not complete"
  [ "$(status_of near diagnosis.rootCause.class "$namespace")" = ApplicationCrash ] || problem "the agent does not find the cause"
  [ -z "$(status_of near agent.unreadable "$namespace")" ] ||
    problem "the agent could not look at $(status_of near agent.unreadable "$namespace")"
  granted_rights clusterrole/aetherius-agent:near "role/aetherius-agent --namespace aetherius-agent-near" \
    "role/aetherius-agent:near --namespace $agents" >"$work/handed-on"
  refused=$(account=system:serviceaccount:$agents:near refused_requests)
  [ -z "$refused" ] || problem "the agent asked for more than it may: $refused"
}

# let_go NAME: its rights and what was made for it go, and nothing waits for anything.
let_go() {
  kubectl patch clusteragent "$1" --type merge --patch '{"spec":{"accepted":false}}' >/dev/null
  until_true 30 lacks_account "$1" || problem "the agent $1 keeps its account"
  kubectl delete clusteragent "$1" --timeout 30s >/dev/null || problem "the ClusterAgent $1 hangs"
  until_true 60 lacks_mailbox "$1" || problem "the agent $1 keeps its mailbox"
}

lacks_account() { ! kubectl get serviceaccount "$1" --namespace "$agents" >/dev/null 2>&1; }

lacks_mailbox() { ! kubectl get namespace "aetherius-agent-$1" >/dev/null 2>&1; }
