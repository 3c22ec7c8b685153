# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154,SC2034
# The cluster's record of what it made outside its directory, and its removal.
# Every step may be repeated, because the one before may have been interrupted.
#
# Expects: dir

link="" cgroup="" server="" etcd_url="" controllers=()

write_state() { printf '%s=%s\n' "$1" "$2" >>"$dir/state"; }

read_state() {
  local key value
  link="" cgroup="" server="" etcd_url="" controllers=()
  while IFS='=' read -r key value; do
    case $key in
      link) link=$value ;;
      cgroup) cgroup=$value ;;
      controller) controllers+=("$value") ;;
      node) node=$value ;;
      node_name) node_name=$value ;;
      server) server=$value ;;
      etcd) etcd_url=$value ;;
    esac
  done <"$dir/state"
}

# The directory itself is the lock, so that nothing is left of it.
# A little patience, because what a killed script had just called may still hold
# it.
take_lock() {
  exec {lock_fd}<"$dir"
  flock --exclusive --timeout "$1" "$lock_fd"
}

release_lock() {
  [ -n "$lock_fd" ] || return 0
  exec {lock_fd}<&-
  lock_fd=""
}

any_recorded_process() { [ -n "$(running_processes)" ]; }

supervisor_alive() {
  local name pid started
  [ -f "$dir/pids" ] || return 1
  while read -r name pid started; do
    if [ "$name" = supervisor ] && is_recorded_process "$pid" "$started"; then
      supervisor_pid=$pid
      return 0
    fi
  done <"$dir/pids"
  return 1
}

# A supervisor that is asked to end removes the cluster itself; one that does
# not listen must not start anything while we remove it.
stop_supervisor() {
  local deadline=$((SECONDS + 30))
  supervisor_alive || return 0
  kill -TERM "$supervisor_pid" 2>/dev/null || true
  while supervisor_alive; do
    if [ $SECONDS -ge $deadline ]; then
      kill -KILL "$supervisor_pid" 2>/dev/null || true
      break
    fi
    sleep 0.05
  done
}

# The kernel removes the device with the node's network namespace, a little
# after the last process has gone.
remove_link() {
  local deadline=$((SECONDS + 5))
  [ -n "$link" ] || return 0
  while [ -e "/sys/class/net/$link" ]; do
    if [ $SECONDS -ge $deadline ]; then
      ip link delete "$link"
      break
    fi
    sleep 0.02
  done
}

remove_cgroups() {
  local hierarchy deadline=$((SECONDS + 10))
  case $cgroup in /aetherius-?*) ;; *) return 0 ;; esac
  for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/*; do
    while [ -d "$hierarchy$cgroup" ]; do
      find "$hierarchy$cgroup" -depth -type d -exec rmdir {} + 2>/dev/null || true
      if [ $SECONDS -ge $deadline ]; then
        [ ! -d "$hierarchy$cgroup" ] || { say "cannot remove $hierarchy$cgroup"; return 1; }
      fi
      [ ! -d "$hierarchy$cgroup" ] || sleep 0.05
    done
  done
  # On cgroup v2, kubelet needed these for all groups below the root. The kernel
  # refuses to take back what somebody else uses by now.
  local controller
  for controller in "${controllers[@]}"; do
    echo "-$controller" 2>/dev/null >/sys/fs/cgroup/cgroup.subtree_control || true
  done
}

# There should be none: the node's mounts are in a namespace of its own. But
# removing the files under a mount would be hard to forgive.
remove_mounts() {
  local point
  while read -r _ point _; do
    printf '%b\n' "$point"
  done </proc/self/mounts | sort -r | while read -r point; do
    case $point in "$dir"/*) umount "$point" || umount --lazy "$point" ;; esac
  done
}

release_resources() {
  end_recorded_processes
  [ ! -e "$dir/state" ] || read_state
  remove_link
  remove_cgroups
  remove_mounts
}

# remove_files keep-logs|keep-nothing
remove_files() {
  if [ "$1" = keep-logs ]; then
    # An empty record marks the directory as ours, to be used again or removed.
    : >"$dir/state"
    find "$dir" -mindepth 1 -maxdepth 1 ! -name logs ! -name state -exec rm -rf --one-file-system {} +
  else
    rm -rf --one-file-system "$dir"
  fi
}

# tear_down [keep-logs]
tear_down() {
  release_resources
  remove_files "${1:-keep-nothing}"
}
