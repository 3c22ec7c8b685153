# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154,SC2034
# Starts what the demonstration with more than one cluster consists of.
#
# Expects: scripts, dir, repository, node, binary, lib/fleet.sh

build_fleet() {
  local options=()
  phase "building aetherius (the first time: a minute or two)"
  cd "$repository" || exit
  if [ "$node" = yes ]; then
    [ -z "$binary" ] || options=(--binary "$binary")
    archive=$(long "$scripts/image" --output "$dir/image" "${options[@]}") || failed "the image could not be made"
  fi
  if [ -n "$binary" ]; then
    aetherius=$binary
  else
    long swift build --product aetherius >&2 || failed "swift build failed"
    aetherius=$(swift build --show-bin-path)/aetherius
  fi
  image=aetherius.local/aetherius:$(sed -n 's/^appVersion: *//p' "$repository/charts/aetherius/Chart.yaml")
}

# The hub comes first where it has a node: its address is where that node's pods
# reach the other clusters, too.
start_clusters() {
  local near=127.0.0.1 pids=() pid
  far_address=127.0.0.1
  if can_make_link; then
    open_link || failed "no network could be made for edge"
    near=$near_address
  else
    say "no network can be made here (that needs root): edge is on this machine's own, and nothing will be cut"
  fi
  if [ "$node" = yes ]; then
    phase "the hub: a control plane and a real node"
    long start_local_kubernetes "$dir/hub" --node || failed "the hub did not start"
    near=$(server_of hub)
    near=${near#https://} near=${near%:*}
    "$scripts/local-kubernetes" load --dir "$dir/hub" "$archive" >/dev/null || failed "the image could not be loaded"
  else
    phase "the hub: a control plane"
    long start_local_kubernetes "$dir/hub" --address "$near" || failed "the hub did not start"
  fi
  phase "two other clusters, control planes alone: berlin, and edge beyond a link"
  long start_local_kubernetes "$dir/berlin" --no-controller-manager --address "$near" ||
    failed "berlin did not start"
  long start_edge || failed "edge did not start"
}

start_edge() {
  trap : INT TERM HUP
  beyond_link "$scripts/local-kubernetes" up --dir "$dir/edge" --no-controller-manager --address "$far_address" 2>&1 \
    >/dev/null | {
    trap '' INT TERM HUP
    sed --unbuffered '/: end it with: /d' >&2
  } || return 1
}

start_fleet_operator() {
  phase "definitions, and aetherius operator on the hub (log: $dir/logs/operator.log)"
  hub apply --filename "$repository/crds" >/dev/null || failed "the definitions could not be applied"
  hub wait --for condition=Established --timeout 60s --filename "$repository/crds" >/dev/null ||
    failed "the definitions were not accepted"
  hub create namespace "$operator_namespace" >/dev/null || failed "no namespace could be created"
  launch operator "$aetherius" operator --kubeconfig "$dir/hub/admin.kubeconfig" --namespace "$operator_namespace" \
    --health-probe-bind-address 0 --metrics-bind-address 0 \
    --agent-image "$image" --agent-hub-server "$(server_of hub)" --agent-hub-ca-file "$dir/hub/pki/ca.crt"
}

# berlin gets an account with the rights that an agent has, and the hub its kubeconfig.
connect_berlin() {
  phase "berlin (examples/fleet/berlin.yaml): Hosted, the agent runs on the hub"
  awk 'BEGIN { RS = "---\n" } /(^|\n)kind: (Namespace|ServiceAccount|ClusterRole|ClusterRoleBinding)\n/ { printf "---\n%s", $0 }' \
    "$dir/edge.yaml" | berlin apply --filename - >/dev/null || failed "berlin's account could not be made"
  account_kubeconfig berlin "$dir/berlin.kubeconfig" || failed "there is no token for berlin"
  hub create secret generic berlin --namespace "$agents_namespace" --from-file "kubeconfig=$dir/berlin.kubeconfig" \
    >/dev/null || failed "the kubeconfig could not be stored"
  hub apply --filename "$repository/examples/fleet/berlin.yaml" >/dev/null || failed "the ClusterAgent could not be applied"
}

connect_edge() {
  phase "edge (examples/fleet/edge.yaml): Remote, the agent runs there"
  hub apply --filename "$repository/examples/fleet/edge.yaml" >/dev/null || failed "the ClusterAgent could not be applied"
  detail "aetherius agent manifest edge | kubectl --context edge apply -f -"
  "$aetherius" agent manifest edge --kubeconfig "$dir/hub/admin.kubeconfig" >"$dir/edge.yaml" ||
    failed "the operator has made no manifest for edge"
  edge apply --filename "$dir/edge.yaml" >/dev/null || failed "the manifest could not be applied in edge"
}

# There is no node beyond the link, so what its Deployment would run is a process here.
start_edge_agent() {
  phase "the agent in edge, as a process (log: $dir/logs/agent-edge.log)"
  account_kubeconfig edge "$dir/edge.kubeconfig" || failed "there is no token for edge"
  edge get secret aetherius-agent-bootstrap --namespace "$operator_namespace" --output 'jsonpath={.data.token}' |
    base64 --decode >"$dir/edge.token" || failed "there is no token to register with"
  edge get configmap aetherius-agent-hub --namespace "$operator_namespace" --output 'jsonpath={.data.ca\.crt}' \
    >"$dir/edge.ca" || failed "there is no authority to trust"
  local command=("$aetherius" agent --cluster edge --hub-server "$(server_of hub)" --hub-ca-file "$dir/edge.ca"
    --hub-credentials-secret aetherius-agent-hub --bootstrap-token-file "$dir/edge.token"
    --target-kubeconfig "$dir/edge.kubeconfig" --namespace "$operator_namespace" --deployment aetherius-agent
    --listen 0 --metrics-listen 0)
  if [ -e "$dir/link" ]; then
    launch agent-edge nsenter --target "$(recorded_pid link)" --net -- "${command[@]}"
  else
    launch agent-edge "${command[@]}"
  fi
}

start_berlin_agent() {
  if [ "$node" = yes ]; then
    phase "the agent for berlin, as a pod on the hub"
    return
  fi
  phase "the agent for berlin: the hub has no node for its pod, so as a process (log: $dir/logs/agent-berlin.log)"
  await 60 "berlin has an account at the hub" hub get rolebinding aetherius-agent --namespace aetherius-agent-berlin
  account_token hub "$agents_namespace" berlin >"$dir/berlin.token" || failed "there is no token for berlin at the hub"
  launch agent-berlin "$aetherius" agent --cluster berlin --hub-server "$(server_of hub)" \
    --hub-ca-file "$dir/hub/pki/ca.crt" --hub-token-file "$dir/berlin.token" \
    --target-kubeconfig "$dir/berlin.kubeconfig" --listen 0 --metrics-listen 0
}
