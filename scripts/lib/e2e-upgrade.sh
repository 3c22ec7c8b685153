# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154,SC2034
# The steps of scripts/e2e that upgrade the operator while it works.
#
# Expects: what scripts/lib/e2e.sh and scripts/lib/audit.sh give

upgrade_under_load() {
  local number count changed
  apply_chart --set 'extraArgs={--kube-api-qps=60}'
  for ((number = 1; number <= tasks; number++)); do task "load-$number"; done >"$work/load.yaml"
  kubectl apply --server-side --filename "$work/load.yaml" >/dev/null &
  changed=$!
  until_true 60 is_in_phase load-1 Running 2>/dev/null || is_in_phase load-1 Completed || problem "no task begins"
  apply_chart --set 'extraArgs={--kube-api-qps=60}' --set image.tag=next || problem "the upgrade does not come to an end"
  count=$(count_in_phase load Completed)
  say "$count of $tasks tasks were complete when the upgrade was"
  wait "$changed"
  until_true 300 all_complete load "$tasks" || problem "only $(count_in_phase load Completed) of $tasks tasks are complete"
  for ((number = 1; number <= tasks; number++)); do
    [ "$(completions "load-$number")" = 1 ] || problem "load-$number was brought to its end $(completions "load-$number") times"
  done
}

# count_in_phase PREFIX PHASE
count_in_phase() {
  kubectl get diagnostictasks --namespace "$demo" \
    --output 'jsonpath={range .items[*]}{.metadata.name} {.status.phase}{"\n"}{end}' | grep -c "^$1-.* $2\$" || true
}

# all_complete PREFIX NUMBER
all_complete() { [ "$(count_in_phase "$1" Completed)" = "$2" ]; }

# The version to upgrade from: its scripts and chart, and its image, which is built once and kept.
prepare_earlier() {
  local revision cache
  [ -n "$earlier" ] || earlier=$(git -C "$repository" describe --tags --abbrev=0 --match 'v*' 2>/dev/null) ||
    earlier=$(cat "$scripts/e2e.d/earlier-revision")
  revision=$(git -C "$repository" rev-parse --quiet --verify "$earlier^{commit}") ||
    problem "this checkout does not have $earlier to upgrade from: fetch it, or name another revision with --from"
  earlier_source=$work/earlier
  mkdir "$earlier_source"
  git -C "$repository" archive "$revision" | tar -x -C "$earlier_source"
  cache=$(cache_root)/earlier/$revision-$(uname -m)
  if [ ! -e "$cache/image.tar" ]; then
    say "building the version to upgrade from, $earlier, once (about 6 minutes)"
    mkdir -p "$cache"
    mv "$("$earlier_source/scripts/image" --name aetherius.local/aetherius:earlier --output "$cache")" "$cache/image.tar"
    rm -rf "$earlier_source/.build"
  fi
  "$scripts/local-kubernetes" load --dir "$dir" "$cache/image.tar" >/dev/null
}

install_earlier() {
  local file
  namespace=earlier account=system:serviceaccount:earlier:aetherius
  # So slow that it is upgraded in the midst of its work.
  "$earlier_source/scripts/manifests" --namespace "$namespace" --output "$work/earlier.yaml" --kube-version "$kubernetes" \
    --set image.tag=earlier --set 'extraArgs={--kube-api-qps=20,--kube-api-burst=20}' >/dev/null
  kubectl apply --server-side --filename "$work/earlier.yaml" >/dev/null
  kubectl rollout status "deployment/aetherius" --namespace "$namespace" --timeout 120s >/dev/null
  for file in namespace workloads; do kubectl apply --filename "$repository/examples/demo/$file.yaml" >/dev/null; done
  kubectl apply --filename "$repository/examples/knowledgeentry.yaml" --filename "$repository/examples/executionplan.yaml" >/dev/null
  until_true 120 has_failed || problem "the workloads do not fail as they should"
  task kept | kubectl apply --filename - >/dev/null
  complete kept || problem "the earlier version does not complete a task"
}

# The definitions become the new ones, every object stays, what runs is completed, and once.
upgrade_earlier() {
  local number answer lost
  [ "$(definitions)" != "$(cat "$work/definitions")" ] ||
    problem "the definitions of $earlier are the present ones; name an older revision with --from"
  answer=$(status_of kept diagnosis)
  for ((number = 1; number <= 50; number++)); do task "late-$number"; done | kubectl apply --server-side --filename - >/dev/null
  until_true 60 is_in_phase late-1 Running || is_in_phase late-1 Completed || problem "no task begins"
  custom_resources >"$work/before"
  [ "$(count_in_phase late Completed)" -lt 50 ] || problem "the tasks were over before the upgrade"
  apply_chart || problem "the upgrade does not come to an end"
  [ "$(definitions)" = "$(cat "$work/definitions")" ] || problem "the definitions were not upgraded"
  until_true 120 all_complete late 50 || problem "only $(count_in_phase late Completed) of 50 tasks are complete"
  for ((number = 1; number <= 50; number++)); do
    [ "$(completions "late-$number")" = 1 ] || problem "late-$number was brought to its end $(completions "late-$number") times"
  done
  # The new version opens tasks by itself about what it sees.
  lost=$(comm -23 <(sort "$work/before") <(custom_resources | sort))
  [ -z "$lost" ] || problem "objects were lost, or made anew: $lost"
  [ "$(status_of kept diagnosis)" = "$answer" ] || problem "the answer of a task that was complete has changed"
  say "upgraded from $earlier: $(wc -l <"$work/before") objects are still there"
}

# The specs of the definitions, as the server has them.
definitions() {
  kubectl get customresourcedefinitions --selector app.kubernetes.io/part-of=aetherius \
    --output 'jsonpath={range .items[*]}{.metadata.name} {.spec}{"\n"}{end}'
}

custom_resources() {
  kubectl get clusteragents,diagnostictasks,executionplans,knowledgeentries --all-namespaces \
    --output 'jsonpath={range .items[*]}{.kind} {.metadata.name} {.metadata.uid}{"\n"}{end}'
}
