# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154,SC2034
# A network of its own for a far cluster, with one link to the rest, which can be
# cut. The namespace lives as long as the process that holds it and what runs in it.
#
# 198.18.0.0/15 is set aside for test benches (RFC 2544); nodes (lib/node.sh) have its
# lower half.
#
# Expects: dir, scripts. $dir/link: the device's name, the two addresses

can_make_link() {
  [ "$(id -u)" = 0 ] && have ip && have nsenter &&
    unshare --net ip link add probe0 type veth peer name probe1 2>/dev/null
}

open_link() {
  local number device pid deadline=$((SECONDS + 10))
  # shellcheck disable=SC2016 # expanded by the inner shell
  launch link unshare --net -- sh -c 'ip link set lo up && : >"$1" && exec sleep infinity' link "$dir/link-ready"
  pid=$launched_pid
  until [ -e "$dir/link-ready" ]; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.02
  done
  for ((number = 128; number < 256; number++)); do
    device=aetherius$number
    [ ! -e "/sys/class/net/$device" ] || continue
    # Both ends belong to the namespace from their first moment, and end with it.
    nsenter --target "$pid" --net -- \
      ip link add eth0 type veth peer name "$device" netns $$ 2>>"$dir/logs/link.log" && break
  done
  [ "$number" -lt 256 ] || return 1
  near_address=198.18.$number.1 far_address=198.18.$number.2
  printf '%s\n' "$device" "$near_address" "$far_address" >"$dir/link"
  ip address add "$near_address/30" dev "$device"
  ip link set "$device" up
  nsenter --target "$pid" --net -- ip -batch - <<END
address add $far_address/30 dev eth0
link set eth0 up
route add default via $near_address
END
}

# beyond_link COMMAND…: where edge is. Without the right to make networks, that is here.
beyond_link() {
  local pid
  if [ -e "$dir/link" ]; then
    pid=$(recorded_pid link)
    nsenter --target "${pid:?the network of edge has ended}" --net -- "$@"
  else
    "$@"
  fi
}

# What is sent from now on is lost, without a word to anybody.
cut_link() { ip link set "$(head -n 1 "$dir/link")" down; }

heal_link() { [ ! -e "$dir/link" ] || ip link set "$(head -n 1 "$dir/link")" up 2>/dev/null || true; }

drop_link() {
  local device deadline=$((SECONDS + 5))
  [ -e "$dir/link" ] || return 0
  device=$(head -n 1 "$dir/link")
  while [ -e "/sys/class/net/$device" ]; do
    if [ "$SECONDS" -ge "$deadline" ]; then ip link delete "$device"; break; fi
    sleep 0.02
  done
}
