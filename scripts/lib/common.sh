# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Messages and small helpers that every script here sources.

program=${0##*/}

say() { printf '%s: %s\n' "$program" "$*" >&2; }

die() {
  say "error: $*"
  exit 1
}

# The header comment of a script is its help text, so that the two cannot
# drift apart.
print_help() {
  sed -n '/^# SPDX/d; /^#!/d; /^#/!q; s/^# \{0,1\}//; p' "$1"
}

have() { command -v "$1" >/dev/null 2>&1; }

cache_root() {
  printf '%s/aetherius\n' "${XDG_CACHE_HOME:-${HOME:?HOME is not set}/.cache}"
}

show_log_tail() {
  [ -s "$1" ] || { say "(its log is empty: $1)"; return 0; }
  say "last lines of $1:"
  tail -n 20 "$1" | cut -c 1-400 | sed 's/^/    /' >&2
}
