# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# Puts recorded objects into a local control plane where no controller and no node
# would change them, with the status that they had.

# metadata_field FIELD <YAML
metadata_field() {
  awk -v field="  $1: " '
    /^[^ ]/ { inside = ($0 == "metadata:") }
    inside && index($0, field) == 1 { print substr($0, length(field) + 1); exit }
  '
}

# send METHOD PATH FILE: prints the server's object as YAML.
send() {
  local answer code
  answer=$(curl --silent --show-error --noproxy '*' --max-time 20 --request "$1" \
    --cacert "$cluster/pki/ca.crt" --cert "$cluster/pki/admin.crt" --key "$cluster/pki/admin.key" \
    --header 'Content-Type: application/yaml' --header 'Accept: application/yaml' \
    --data-binary "@$3" --write-out '\n%{http_code}' "$server$2") || return 1
  code=${answer##*$'\n'}
  answer=${answer%$'\n'*}
  case $code in
    2??) printf '%s\n' "$answer" ;;
    *) say "error: $1 $2 was answered with $code: $(sed -n 's/^message: //p' <<<"$answer")"; return 1 ;;
  esac
}

# The recorded times, moved so that the newest of them is now.
moved_times() {
  local times shift time
  mapfile -t times < <(grep -ohE '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z' "$@" | sort -u)
  shift=$(($(date +%s) - $(date --date "${times[-1]}" +%s)))
  for time in "${times[@]}"; do
    printf 's/%s/%s/g\n' "$time" "$(date --utc --date "@$(($(date --date "$time" +%s) + shift))" +%Y-%m-%dT%H:%M:%SZ)"
  done
}

# load_object FILE: creates the object, then gives it the recorded status. Its new
# identity replaces the recorded one in everything that is loaded after it.
load_object() {
  local kind name namespace path old new created
  kind=$(sed -n 's/^kind: //p' "$1")
  name=$(metadata_field name <"$1")
  namespace=$(metadata_field namespace <"$1")
  old=$(metadata_field uid <"$1")
  case $kind in
    Deployment) path=/apis/apps/v1/namespaces/$namespace/deployments ;;
    ReplicaSet) path=/apis/apps/v1/namespaces/$namespace/replicasets ;;
    Pod) path=/api/v1/namespaces/$namespace/pods ;;
    Event) path=/api/v1/namespaces/$namespace/events ;;
    *) say "error: there is no way to load objects of kind $kind"; return 1 ;;
  esac
  sed -f "$rules" "$1" >"$1.new"
  created=$(send POST "$path" "$1.new") || return 1
  new=$(metadata_field uid <<<"$created")
  printf 's/%s/%s/g\n' "$old" "$new" >>"$rules"
  [ "$kind" != Event ] || return 0
  sed -f "$rules" "$1" >"$1.new"
  send PUT "$path/$name/status" "$1.new" >/dev/null
}

# load_incidents CLUSTER-DIRECTORY FILE…
load_incidents() (
  cluster=$1
  shift
  server=$(sed -n 's/^ *server: //p' "$cluster/admin.kubeconfig")
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  rules=$work/rules
  moved_times "$@" >"$rules"
  # One file for each object, in their order: owners come before what they own.
  awk -v work="$work" '
    FNR == 1 || $0 == "---" { close(file); file = sprintf("%s/%04d.yaml", work, ++count) }
    $0 != "---" { print >file }
  ' "$@"
  for object in "$work"/*.yaml; do
    load_object "$object" || exit 1
  done
)
