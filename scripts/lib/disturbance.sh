# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# What happens to a control plane in bad times: components that are killed and
# come back, and an etcd that forgets.
#
# A component belongs to the process that keeps the cluster and would die with
# any other parent. So a restart is a request to that process: the component's
# name in $dir/restart, and SIGUSR1 as often as it takes.
#
# Expects: dir, arguments

recorded_id() {
  local name pid
  while read -r name pid _; do
    if [ "$name" = "$1" ]; then printf '%s\n' "$pid"; fi
  done <"$dir/pids"
}

# In the process that keeps the cluster.
restart_as_requested() {
  local name pid
  [ -s "$dir/restart" ] || return 0
  name=$(cat "$dir/restart")
  pid=$(recorded_id "$name")
  # No longer recorded, so that nobody takes its end for a failure.
  sed -i "/^$name /d" "$dir/pids"
  if [ -n "$pid" ]; then
    disown "$pid" 2>/dev/null || true
    kill -KILL "$pid" 2>/dev/null || true
    while start_time "$pid" >/dev/null; do sleep 0.02; done
  fi
  case $name in
    etcd) start_etcd ;;
    kube-apiserver) start_apiserver ;;
  esac
  rm -f "$dir/restart"
}

enter_running_cluster() {
  [ -s "$dir/state" ] || die "there is no cluster in $dir"
  dir=$(cd "$dir" && pwd -P)
  read_state
}

command_restart() {
  # kube-apiserver waits longer each time before it looks for etcd again, up to two minutes.
  local name=${arguments[0]:-} deadline=$((SECONDS + 180)) lock
  case $name in
    etcd | kube-apiserver) ;;
    *) die "restart needs etcd or kube-apiserver (see --help)" ;;
  esac
  enter_running_cluster
  supervisor_alive || die "nobody keeps the cluster in $dir; only one of \"run\" can be disturbed"
  exec {lock}>"$dir/restart.lock"
  flock --exclusive --timeout 60 "$lock" || die "another restart in $dir does not come to an end"
  printf '%s\n' "$name" >"$dir/restart.new"
  mv "$dir/restart.new" "$dir/restart"
  while [ -e "$dir/restart" ]; do
    [ $SECONDS -lt $deadline ] || die "$name was not restarted within 180 seconds"
    kill -USR1 "$supervisor_pid" 2>/dev/null || die "the cluster in $dir has ended"
    sleep 0.2
  done
  until apiserver_ready; do
    [ $SECONDS -lt $deadline ] || {
      show_log_tail "$dir/logs/kube-apiserver.log"
      die "the API does not answer 180 seconds after the restart of $name"
    }
    sleep 0.05
  done
}

# etcd_call PATH BODY: prints the answer of etcd's JSON gateway.
etcd_call() {
  curl --silent --show-error --max-time 10 --data "$2" "$etcd_url$1"
}

command_compact() {
  local answer revision
  enter_running_cluster
  # The key is a zero byte: any question has the revision in its answer.
  answer=$(etcd_call /v3/kv/range '{"key":"AA==","limit":"1"}')
  revision=${answer#*\"revision\":\"}
  revision=${revision%%\"*}
  case $revision in "" | *[!0-9]*) die "etcd does not tell its revision: $answer" ;; esac
  answer=$(etcd_call /v3/kv/compaction "{\"revision\":\"$revision\",\"physical\":true}")
  case $answer in
    *'"header"'* | *"has been compacted"*) ;;
    *) die "etcd does not compact revision $revision: $answer" ;;
  esac
}
