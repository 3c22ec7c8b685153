# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154,SC2034
# The clusters of the demonstration with more than one: how to reach them, what is
# put into them, and how everything ends.
#
# Expects: scripts, dir, repository (lib/demo.sh). In $dir:
#   settings     whether the hub has a node
#   pids, logs/  the operator, the agents that are processes, and the namespace
#   hub/, berlin/, edge/
#                one local Kubernetes each
#   link         what is between edge and the others (lib/fleet-link.sh)

agents_namespace=aetherius-agents

default_fleet_directory() {
  printf '%s/aetherius/demo-fleet\n' "${XDG_STATE_HOME:-${HOME:?HOME is not set}/.local/state}"
}

hub() { kubectl --kubeconfig "$dir/hub/admin.kubeconfig" "$@"; }
berlin() { kubectl --kubeconfig "$dir/berlin/admin.kubeconfig" "$@"; }
edge() { beyond_link kubectl --kubeconfig "$dir/edge/admin.kubeconfig" "$@"; }

# load_into CLUSTER INCIDENT…: loads examples/incidents/.
load_into() {
  local cluster=$1 files=() name via=()
  shift
  for name in "$@"; do files+=("$repository/examples/incidents/$name.yaml"); done
  "$cluster" apply --filename "$repository/examples/demo/namespace.yaml" >/dev/null
  [ "$cluster" != edge ] || via=(beyond_link)
  # shellcheck disable=SC2016 # expanded by the inner shell
  "${via[@]}" bash -c '. "$1/lib/common.sh"; . "$1/lib/incidents.sh"; shift; load_incidents "$@"' load \
    "$scripts" "$dir/$cluster" "${files[@]}"
}

# account_kubeconfig CLUSTER OUTPUT: a kubeconfig with everything in it, for the
# ServiceAccount of an agent in a cluster.
account_kubeconfig() {
  local token authority
  token=$(account_token "$1" "$operator_namespace" aetherius-agent) || return 1
  authority=$(base64 -w 0 "$dir/$1/pki/ca.crt")
  cat >"$2" <<END
apiVersion: v1
kind: Config
clusters: [{name: far, cluster: {server: "$(server_of "$1")", certificate-authority-data: $authority}}]
users: [{name: agent, user: {token: "$token"}}]
contexts: [{name: far, context: {cluster: far, user: agent}}]
current-context: far
END
}

# account_token CLUSTER NAMESPACE ACCOUNT: valid for a day.
account_token() {
  echo '{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"expirationSeconds":86400}}' |
    "$1" create --raw "/api/v1/namespaces/$2/serviceaccounts/$3/token" --filename - |
    sed -E 's/.*"token":"([^"]*)".*/\1/'
}

server_of() { sed -n 's/^ *server: //p' "$dir/$1/admin.kubeconfig"; }

write_settings() { printf 'node=%s\n' "$node" >"$dir/settings"; }

# Ends everything and removes $dir.
take_down() {
  local cluster code=0
  heal_link
  stop_operator || return 1
  for cluster in edge berlin hub; do
    [ ! -d "$dir/$cluster" ] || "$scripts/local-kubernetes" down --dir "$dir/$cluster" || code=1
  done
  [ "$code" = 0 ] || return 1
  drop_link
  remove_files keep-nothing
  if [ "$dir" = "$(default_fleet_directory)" ]; then
    rmdir "$(dirname "$dir")" 2>/dev/null || true
  fi
}
