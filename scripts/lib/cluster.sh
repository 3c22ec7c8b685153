# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154,SC2034
# The order in which a cluster starts, and what happens when it does not.
#
# Expects: dir, node, address, controller_manager, scripts

prepare_directory() {
  mkdir -p "$dir"
  dir=$(cd "$dir" && pwd -P)
  [ -e "$dir/state" ] || [ -z "$(ls -A "$dir")" ] ||
    die "$dir is neither empty nor the directory of a local cluster"
  take_lock 10 || die "another start or stop of the cluster in $dir is under way"
  if [ -e "$dir/state" ]; then
    if supervisor_alive || any_recorded_process; then
      die "a cluster is running in $dir already; end it with: $0 down --dir $dir"
    fi
    release_resources
    find "$dir" -mindepth 1 -delete
  fi
  mkdir -p "$dir/logs"
  : >"$dir/pids"
  : >"$dir/state"
}

require_programs() {
  local name
  for name in curl openssl flock setsid setpriv; do
    have "$name" || die "the program $name is missing; run $scripts/deps"
  done
  [ "$node" = yes ] || return 0
  can_run_node || die "no real node can be started here; leave out --node for a control plane alone"
  "$scripts/deps" --check --node || die "run $scripts/deps --node first"
}

choose_addresses() {
  host_address=$address service_cidr=10.96.0.0/24 secure_port=6443
  if [ "$node" = yes ]; then
    create_link
  else
    secure_port=$(free_port)
  fi
  etcd_port=$(free_port)
  server=https://$host_address:$secure_port
  write_state node "$node"
  write_state node_name "$node_name"
  write_state server "$server"
  write_state etcd "http://127.0.0.1:$etcd_port"
}

log_of() {
  local component=$1
  if [ "$component" = node-init ]; then component=node; fi
  if [ "$component" = node ] && [ -s "$dir/node/failed" ]; then
    component=$(cat "$dir/node/failed")
  fi
  printf '%s/logs/%s.log\n' "$dir" "$component"
}

# wait_until SECONDS WHAT COMPONENT COMMAND…: COMPONENT's log tells most if WHAT
# does not come.
wait_until() {
  local seconds=$1 what=$2 component=$3 deadline=$((SECONDS + $1)) ended
  shift 3
  until "$@"; do
    if [ -n "$stdin_watcher" ] && ! start_time "$stdin_watcher" >/dev/null; then
      say "standard input ended during the start"
      exit 0
    fi
    if ended=$(ended_component); then
      say "error: $(basename "$(log_of "$ended")" .log) ended while waiting for $what"
      show_log_tail "$(log_of "$ended")"
      return 1
    fi
    if [ $SECONDS -ge $deadline ]; then
      say "error: no $what after $seconds seconds"
      show_log_tail "$(log_of "$component")"
      return 1
    fi
    sleep 0.1
  done
}

port_was_taken() {
  grep -qs 'address already in use' "$dir/logs/etcd.log" "$dir/logs/kube-apiserver.log"
}

start_control_plane() {
  local attempt
  for attempt in 1 2 3; do
    choose_addresses
    start_etcd
    create_credentials
    start_apiserver
    if [ "$node" = yes ]; then
      # These try again until kube-apiserver answers.
      start_scheduler
      start_node
    fi
    if wait_until 90 "ready kube-apiserver" kube-apiserver apiserver_ready; then
      # It gives up when kube-apiserver is not healthy ten seconds after its own start.
      [ "$controller_manager" = no ] || start_controller_manager
      return 0
    fi
    { [ "$attempt" -lt 3 ] && port_was_taken; } || return 1
    say "somebody else took a port first; trying other ones…"
    release_resources
    : >"$dir/pids"
  done
}

start_cluster() {
  local started=$SECONDS what="a control plane" which=()
  [ "$controller_manager" = yes ] || which=(--no-controller-manager)
  if [ "$node" = yes ]; then what="a control plane and a node" which=(--node); fi
  require_programs
  binaries=$("$scripts/kubernetes-binaries" "${which[@]}") || exit 1
  [ "$node" = no ] || create_images
  say "starting $what in $dir…"
  on_failure=clean_up_failed_start

  start_control_plane || exit 1
  create_kubeconfig admin "$dir/admin.kubeconfig"
  if [ "$node" = yes ]; then
    release_node
    wait_until 90 "registered node" kubelet assign_pod_cidr || exit 1
    wait_until 60 "Ready node" kubelet node_ready || exit 1
  fi
  if [ "$controller_manager" = yes ]; then
    wait_until 60 "'default' service account" kube-controller-manager default_account_exists || exit 1
  fi
  on_failure=""
  say "ready after $((SECONDS - started)) s at $server"
}

clean_up_failed_start() {
  on_failure=""
  say "the start failed; ending what was started…"
  tear_down keep-logs || true
  say "the logs are kept in $dir/logs; with the cause removed, run the same command again"
}
