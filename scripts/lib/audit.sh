# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# What the operator did, from the API server's audit log; and what it may do.
#
# Expects: audit_log, account

# used_rights [in|outside NAMESPACE]: what it asked for, as "VERB GROUP/RESOURCE[/SUBRESOURCE]" or "VERB PATH", each
# once. A server-side apply that makes an object needs the right to create it besides.
used_rights() {
  grep -F "\"username\":\"$account\"" "$audit_log" | awk -v where="${1:-}" -v namespace="${2:-}" '
    function field(text, name) {
      if (!match(text, "\"" name "\":\"[^\"]*\"")) return ""
      text = substr(text, RSTART, RLENGTH)
      gsub("^\"" name "\":\"|\"$", "", text)
      return text
    }
    {
      verb = field($0, "verb")
      if (match($0, /"objectRef":\{[^}]*\}/)) {
        reference = substr($0, RSTART, RLENGTH)
        if (where != "" && (field(reference, "namespace") == namespace) != (where == "in")) next
        resource = field(reference, "apiGroup") "/" field(reference, "resource")
        if (field(reference, "subresource") != "") resource = resource "/" field(reference, "subresource")
        print verb, resource
        if (verb == "patch" && $0 ~ /"responseStatus":\{[^}]*(\{[^}]*\})?[^}]*"code":201/) print "create", resource
      } else if (where != "in") {
        path = field($0, "requestURI"); sub(/\?.*/, "", path)
        print verb, path
      }
    }
  ' | sort -u
}

# granted_rights ROLE…: what roles grant, in the same form. A role may come with options for kubectl.
granted_rights() {
  local role
  for role in "$@"; do
    # shellcheck disable=SC2016,SC2086 # a Go template; options
    kubectl get $role --output go-template='
      {{- range .rules}}{{$rule := .}}{{range .verbs}}{{$verb := .}}
      {{- range $rule.apiGroups}}{{$group := .}}{{range $rule.resources}}
      {{- $verb}} {{$group}}/{{.}}{{"\n"}}{{end}}{{end}}{{end}}{{end}}'
  done | sort -u
}

# What every account may do: the default roles system:basic-user and system:discovery.
rights_of_everybody() {
  cat <<'END'
create authorization.k8s.io/selfsubjectaccessreviews
create authorization.k8s.io/selfsubjectrulesreviews
get /api
get /apis
get /healthz
get /livez
get /readyz
get /version
END
}

# Requests of the operator that were refused, each once.
#
# A server that has just been restarted answers before it has read the roles, and refuses everything to everybody.
refused_requests() {
  grep -F "\"username\":\"$account\"" "$audit_log" | grep -E '"code":(401|403)' |
    awk -v from="${without_roles_from:-}" -v until="${without_roles_until:-}" '
      {
        match($0, /"requestReceivedTimestamp":"[^"]*"/)
        time = substr($0, RSTART + 28, 19)
      }
      !(time >= substr(from, 1, 19) && time < substr(until, 1, 19))
    ' |
    sed -E 's/.*"requestURI":"([^"]*)","verb":"([^"]*)".*/refused: \2 \1/' | sort -u || true
}

# completions NAME: how often the task was brought to its end.
completions() {
  grep -F "\"username\":\"$account\"" "$audit_log" | grep -F "\"name\":\"$1\"" | grep -F '"verb":"update"' |
    grep -F '"subresource":"status"' | grep -F '"phase":"Completed"' | grep -c '"code":200' || true
}
