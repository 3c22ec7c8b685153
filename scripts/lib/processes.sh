# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154,SC2034
# Starting, recording and ending processes by id. A record is the id together
# with the start time, so that an id the kernel has given to somebody else since
# then is never taken for ours.
#
# Expects: dir, tied (yes: what is launched dies with this process)

start_time() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  # The command's name, in parentheses, may hold anything. After it comes the
  # third field; the start time is the 22nd.
  # shellcheck disable=SC2086
  set -- ${stat##*) }
  # A zombie has ended; only its parent has not noticed yet.
  [ "$1" != Z ] || return 1
  printf '%s\n' "${20}"
}

record_process() {
  printf '%s %s %s\n' "$1" "$2" "$(start_time "$2")" >>"$dir/pids"
}

is_recorded_process() { [ -n "$2" ] && [ "$(start_time "$1" || true)" = "$2" ]; }

close_inherited_files() {
  local fd
  for fd in "/proc/$BASHPID/fd"/*; do
    fd=${fd##*/}
    # 255 is where bash reads this script from.
    case $fd in 0 | 1 | 2 | 255) ;; *) exec {fd}>&- ;; esac
  done
}

become_component() {
  local name=$1
  shift
  # Recorded before the program runs, so that whenever this script is
  # interrupted no program is left that nobody knows of.
  record_process "$name" "$BASHPID"
  close_inherited_files
  cd "$dir" || exit
  # A session of its own keeps the terminal's signals away.
  if [ "$tied" = yes ]; then
    exec setsid setpriv --pdeathsig KILL -- "$@"
  fi
  exec setsid "$@"
}

# launch NAME COMMAND…: in the background, the output in logs/NAME.log.
launch() {
  become_component "$@" >"$dir/logs/$1.log" 2>&1 </dev/null &
  launched_pid=$!
}

# Prints every recorded process that still runs, as "id name". A supervisor is
# asked to end by other means.
running_processes() {
  local name pid started
  [ -f "$dir/pids" ] || return 0
  while read -r name pid started; do
    [ "$name" != supervisor ] || continue
    ! is_recorded_process "$pid" "$started" || printf '%s %s\n' "$pid" "$name"
  done <"$dir/pids"
}

# All of it is disposable, so nothing is asked to shut down gently: that takes
# kube-apiserver many seconds.
end_recorded_processes() {
  local pid name running deadline=$((SECONDS + 20))
  # The shell need not announce that its jobs were killed.
  disown -a
  while running=$(running_processes) && [ -n "$running" ]; do
    while read -r pid name; do
      if [ $SECONDS -ge $deadline ]; then
        say "process $pid ($name) does not end"
        return 1
      fi
      kill -KILL "$pid" 2>/dev/null || true
    done <<<"$running"
    sleep 0.02
  done
}

# Prints the first recorded process that runs no more; fails if all run.
ended_component() {
  local name pid started
  while read -r name pid started; do
    is_recorded_process "$pid" "$started" || { printf '%s\n' "$name"; return 0; }
  done <"$dir/pids"
  return 1
}

# Below the range from which the kernel gives ports to outgoing connections.
# Two callers may still draw the same port; the one that finds it taken tries
# again.
free_port() {
  local port
  while :; do
    port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
    grep -qs "$(printf ':%04X ' "$port")" /proc/net/tcp /proc/net/tcp6 || break
  done
  printf '%s\n' "$port"
}
