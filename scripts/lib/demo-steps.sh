# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154,SC2034
# How the demonstrations go: what they say, how they wait, and what happens when
# they fail or are interrupted.
#
# Expects: scripts, dir, down (the command that ends what was started), take_down

phase() { printf '[%4d s] %s\n' "$SECONDS" "$*" >&2; }
detail() { printf '         %s\n' "$*" >&2; }

# long COMMAND…: in a process group of its own, so that a signal to this script
# ends all of it at once.
long() {
  local code=0
  set -m
  "$@" </dev/null &
  child=$!
  set +m
  wait "$child" || code=$?
  child=""
  return "$code"
}

interrupted() {
  trap '' INT TERM HUP
  trap - ERR
  if [ -n "$child" ]; then
    kill -TERM -- "-$child" 2>/dev/null || true
    wait "$child" || true
  fi
  say "interrupted; taking down what was started…"
  take_down || say "not everything could be removed; run: $down"
  exit "$1"
}

failed() {
  say "error: $1"
  if [ ! -e "$dir/settings" ]; then
    # Nothing is there yet.
    take_down || true
    exit 1
  fi
  say "what was started is left as it is to be looked at; $down ends it"
  exit 1
}

prepare_directory() {
  mkdir -p "$dir"
  dir=$(cd "$dir" && pwd -P)
  [ -e "$dir/pids" ] || [ -z "$(ls -A "$dir")" ] || die "$dir is neither empty nor the directory of a demonstration"
  take_lock 5 || die "another start or stop of the demonstration is under way"
  mkdir -p "$dir/logs"
  touch "$dir/pids"
  sed -i '/^supervisor /d' "$dir/pids"
  record_process supervisor $$
}

# Decides whether there is a real node, and installs what it needs.
# Expects: wanted_node (yes, no or auto; becomes yes or no)
choose_node() {
  # Without the program ip it cannot be found out whether there may be a node.
  if [ "$wanted_node" != no ] && { [ "$(id -u)" = 0 ] && ! have ip || "$scripts/local-kubernetes" can-run-node; }; then
    "$scripts/deps" --node || failed "the packages that a node needs could not be installed"
    if "$scripts/local-kubernetes" can-run-node; then
      wanted_node=yes
      return
    fi
  fi
  [ "$wanted_node" != yes ] || failed "no real node can be started here"
  if [ "$wanted_node" = auto ]; then
    detail "so: a control plane without a node, and objects that were recorded on a real one"
  fi
  wanted_node=no
  "$scripts/deps" || failed "the packages that are needed could not be installed"
}

# Its advice how to end the cluster would leave the operator running.
# start_local_kubernetes DIRECTORY OPTION…
start_local_kubernetes() {
  local cluster=$1
  shift
  # Ends with what it starts: when interrupted, that has to clean up first.
  trap : INT TERM HUP
  "$scripts/local-kubernetes" up --dir "$cluster" "$@" 2>&1 >/dev/null | {
    trap '' INT TERM HUP
    sed --unbuffered '/: end it with: /d' >&2
  } || return 1
}

# recorded_pid NAME: the id of what was launched under that name, if it still runs.
recorded_pid() { running_processes | sed -n "s/ $1\$//p"; }

# end_demonstration DEFAULT-DIRECTORY OPTION…
end_demonstration() {
  local usual=$1
  shift
  while [ $# -gt 0 ]; do
    case $1 in
      --dir) [ $# -ge 2 ] || die "$1 needs a value (see --help)"; dir=$2; shift ;;
      --dir=*) dir=${1#--dir=} ;;
      -h | --help) print_help "$0"; exit 0 ;;
      *) die "unknown option $1 (see --help)" ;;
    esac
    shift
  done
  [ -n "$dir" ] || dir=$usual
  [ -d "$dir" ] || { say "there is no demonstration to end"; exit 0; }
  dir=$(cd "$dir" && pwd -P)
  [ -e "$dir/pids" ] || die "$dir is not the directory of a demonstration; nothing was removed"

  # One that still starts, and hears of it, removes everything itself.
  stop_supervisor
  [ -d "$dir" ] || { say "the demonstration has ended"; exit 0; }
  take_lock 60 || die "another start or stop of the demonstration does not come to an end"
  [ -e "$dir/pids" ] || exit 0
  take_down || die "not everything could be removed; the notes about it stay in $dir"
  say "the demonstration has ended"
}
