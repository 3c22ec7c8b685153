# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# What happens in the demonstration with more than one cluster, and what it shows.
#
# Expects: dir, repository, node, cut, lib/fleet.sh

# await SECONDS WHAT COMMAND…: how long that took is told.
await() {
  local seconds=$1 what=$2 began=$SECONDS deadline=$((SECONDS + $1)) name
  shift 2
  until "$@" >/dev/null 2>&1; do
    for name in operator agent-edge agent-berlin; do
      if grep -q "^$name " "$dir/pids" && [ -z "$(recorded_pid "$name")" ]; then
        show_log_tail "$dir/logs/$name.log"
        failed "$name has ended by itself"
      fi
    done
    if [ "$SECONDS" -ge "$deadline" ]; then
      hub get clusteragents >&2 || true
      show_log_tail "$dir/logs/operator.log"
      failed "after $seconds seconds it is not so: $what"
    fi
    sleep 0.3
  done
  detail "$what (after $((SECONDS - began)) s)"
}

phase_of() { hub get clusteragent "$1" --output 'jsonpath={.status.phase}' 2>/dev/null; }
is_in() { [ "$(phase_of "$1")" = "$2" ]; }
condition_of() {
  hub get clusteragent "$1" --output "jsonpath={.status.conditions[?(@.type==\"$2\")].reason}: {.status.conditions[?(@.type==\"$2\")].message}"
}

wait_until_online() {
  local name
  for name in "$@"; do await 120 "$name is Online" is_in "$name" Online; done
}

show_fleet() {
  printf '\n$ kubectl get clusteragents\n'
  hub get clusteragents
  printf '\n'
}

# break_workload CLUSTER INCIDENT…: nobody asks about it, and it is answered.
break_workload() {
  local cluster=$1 name
  shift
  phase "something breaks in $cluster: $*"
  load_into "$cluster" "$@" || failed "it could not be broken"
  for name in "$@"; do
    await 120 "$name in $cluster has a task by itself, and an answer" is_answered "$cluster" "$name"
  done
}

# is_answered CLUSTER WORKLOAD
is_answered() {
  hub get diagnostictasks --namespace "$operator_namespace" --selector "aetherius.io/cluster=$1" \
    --output 'jsonpath={range .items[*]}{.spec.target.name}/{.status.phase}{"\n"}{end}' 2>/dev/null |
    grep -qx "$2/Completed"
}

show_incidents() {
  printf '\n$ kubectl get diagnostictasks --namespace %s\n' "$operator_namespace"
  hub get diagnostictasks --namespace "$operator_namespace"
  hub get diagnostictasks --namespace "$operator_namespace" --output go-template="$answers"
  printf '\n'
}

# cut_and_heal INCIDENT: the incident happens in edge while nobody on the hub can know.
cut_and_heal() {
  local since=$SECONDS before number=0
  [ -e "$dir/link" ] || { phase "no network is cut: there is none to cut"; return 0; }
  phase "the network between edge and the hub is cut for $cut s"
  before=$(told distinct)
  cut_link
  load_into edge "$1" || failed "it could not be broken"
  detail "$1 breaks in edge meanwhile, and one thing more each second"
  await 60 "edge is Offline" is_in edge Offline
  show_fleet
  printf 'Online: %s\n\n' "$(condition_of edge Online)"
  while [ $((SECONDS - since)) -lt "$cut" ]; do
    number=$((number + 1))
    edge create --filename - >/dev/null <<END || failed "edge's own API server does not answer"
apiVersion: v1
kind: Event
metadata: {name: cut-$number, namespace: aetherius-demo}
involvedObject: {apiVersion: v1, kind: Service, namespace: aetherius-demo, name: service-$number}
reason: TopologyAwareHintsDisabled
type: Warning
message: there are too few endpoints
count: 1
firstTimestamp: "$(date --utc +%FT%TZ)"
lastTimestamp: "$(date --utc +%FT%TZ)"
END
    sleep 1
  done
  phase "the network is whole again, after $((SECONDS - since)) s"
  heal_link
  await 120 "edge is Online" is_in edge Online
  await 120 "$1 in edge has a task by itself, and an answer" is_answered edge "$1"
  await 120 "the hub knows how many other things there were: $number" has_heard $((before + number + 1))
  detail "what edge's agent has seen: $(told total) events, $(told distinct) different ones; dropped unheard: $(told dropped)"
  show_fleet
}

# told NUMBER: of the events that edge's agent tells of
told() {
  local value
  value=$(hub get clusteragent edge --output "jsonpath={.status.agent.events.$1}")
  printf '%s\n' "${value:-0}"
}

has_heard() { [ "$(told distinct)" -ge "$1" ]; }

show_way_on() {
  printf '\nEverything keeps running. To look further:\n'
  printf '  export KUBECONFIG=%s\n' "$dir/hub/admin.kubeconfig"
  printf '  kubectl describe clusteragent edge\n'
  printf '  kubectl get diagnostictasks --all-namespaces\n'
  printf '  tail %s/logs/agent-edge.log\n' "$dir"
  printf 'To end it: make demo-fleet-down\n'
}
