# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# What scripts/demo, scripts/demo-down and scripts/record-incidents share: where
# the demonstration keeps its notes, how to reach its cluster, and how it ends.
#
# Expects: scripts, dir. In $dir:
#   settings     where the cluster is
#   made         what was put into a cluster that is not ours, oldest first
#   pids, logs/  this script while it runs, and the operator
#   cluster/     the local Kubernetes

repository=$(cd "$scripts/.." && pwd)
operator_namespace=aetherius-system
demo_namespace=aetherius-demo

default_demo_directory() {
  printf '%s/aetherius/demo\n' "${XDG_STATE_HOME:-${HOME:?HOME is not set}/.local/state}"
}

forget_settings() { mode="" node="" kubeconfig="" context="" cluster_uid="" target=(); }
forget_settings

# mode: local or existing; node: yes or no; cluster_uid: tells clusters apart,
# whatever they are called
read_settings() {
  local key value
  forget_settings
  [ -s "$dir/settings" ] || return 1
  while IFS='=' read -r key value; do
    case $key in
      mode) mode=$value ;;
      node) node=$value ;;
      kubeconfig) kubeconfig=$value ;;
      context) context=$value ;;
      cluster_uid) cluster_uid=$value ;;
    esac
  done <"$dir/settings"
  choose_target
}

write_settings() {
  printf '%s=%s\n' mode "$mode" node "$node" kubeconfig "$kubeconfig" context "$context" \
    cluster_uid "$cluster_uid" >"$dir/settings.new"
  mv "$dir/settings.new" "$dir/settings"
}

# The options by which kubectl and aetherius find the cluster.
choose_target() {
  target=()
  [ -z "$kubeconfig" ] || target+=(--kubeconfig "$kubeconfig")
  [ -z "$context" ] || target+=(--context "$context")
}

kube() { kubectl "${target[@]}" "$@"; }

read_cluster_uid() {
  kube get namespace kube-system --output 'jsonpath={.metadata.uid}' --request-timeout 20s
}

# Asks the operator to end, which it does when it has written what it was at.
stop_operator() {
  local pid name deadline=$((SECONDS + 40))
  disown -a
  while read -r pid name; do
    kill -TERM "$pid" 2>/dev/null || true
  done < <(running_processes)
  while [ -n "$(running_processes)" ]; do
    if [ "$SECONDS" -ge "$deadline" ]; then
      say "the operator does not end by itself; it is killed"
      end_recorded_processes || return 1
    fi
    sleep 0.05
  done
}

remove_from_cluster() {
  local found kind name namespace options
  [ -s "$dir/made" ] || return 0
  if ! found=$(read_cluster_uid); then
    say "that cluster cannot be reached now; run this again when it can, or leave everything there with: rm -r $dir"
    return 1
  fi
  if [ "$found" != "$cluster_uid" ]; then
    say "${kubeconfig:-the kubeconfig} (context ${context:-current}) leads to another cluster now; nothing was removed there"
    say "(to leave everything where it is: rm -r $dir)"
    return 1
  fi
  # In the opposite order: the definitions go last, since their objects go with
  # them.
  while read -r kind name namespace; do
    say "removing $kind $name from the cluster…$([ "$kind" != namespace ] || echo ' (can take two minutes)')"
    options=(--ignore-not-found --timeout 300s)
    [ -z "$namespace" ] || options+=(--namespace "$namespace")
    if [ "$kind" = example ]; then
      kube delete "${options[@]}" --filename "$repository/examples/$name" >/dev/null || return 1
    else
      kube delete "${options[@]}" "$kind" "$name" >/dev/null || return 1
    fi
  done < <(tac "$dir/made")
}

# Ends everything and removes $dir.
take_down() {
  stop_operator || return 1
  if read_settings; then
    case $mode in
      local) "$scripts/local-kubernetes" down --dir "$dir/cluster" || return 1 ;;
      existing) remove_from_cluster || return 1 ;;
    esac
  fi
  remove_files keep-nothing
  if [ "$dir" = "$(default_demo_directory)" ]; then
    rmdir "$(dirname "$dir")" 2>/dev/null || true
  fi
}
