# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154,SC2034
# One real node. It lives in network, process, mount, IPC and host name
# namespaces of its own, so that its bridge, firewall rules, routes, sysctls,
# mounts, container shims and pods end together with its first process, however
# that ends. What the host sees of it is one end of a veth pair and a cgroup.
#
# Expects: dir, scripts, binaries, secure_port

node_name=node-1

can_run_node() {
  local reason probe
  if [ "$(id -u)" != 0 ]; then
    say "no real node: this needs root"
    return 1
  fi
  for probe in ip unshare nsenter setpriv; do
    have "$probe" || { say "no real node: the program $probe is missing (packages iproute2 and util-linux)"; return 1; }
  done
  # mount -n: without it, mount makes a directory of its own in /run.
  if ! reason=$(unshare --net --pid --mount --ipc --uts --fork sh -c '
      mount -n -t tmpfs tmpfs /mnt && mount -n -t proc proc /proc && mount -n -t sysfs sysfs /sys &&
        mkdir /mnt/lower /mnt/upper /mnt/work /mnt/all &&
        mount -n -t overlay overlay -o lowerdir=/mnt/lower,upperdir=/mnt/upper,workdir=/mnt/work /mnt/all &&
        ip link add probe0 type veth peer name probe1 && ip link add probe2 type bridge
    ' 2>&1); then
    say "no real node: no right to make namespaces, mounts or network devices here: $reason"
    return 1
  fi
  probe=/sys/fs/cgroup
  if [ "$(stat -f -c %T "$probe")" = cgroup2fs ]; then
    for reason in cpu memory pids; do
      grep -qw "$reason" "$probe/cgroup.controllers" ||
        { say "no real node: the cgroup controller $reason is not available in $probe"; return 1; }
    done
    # Within a container, the "root" is a group like others, and one that holds
    # processes cannot pass controllers on.
    if [ -e "$probe/cgroup.type" ] && [ -n "$(cat "$probe/cgroup.procs")" ] && ! grep -qw memory "$probe/cgroup.subtree_control"; then
      say "no real node: in this container, $probe holds processes and so can pass no controller on to pods"
      return 1
    fi
  else
    probe=$probe/memory
  fi
  if ! reason=$(mkdir "$probe/aetherius-probe-$$" 2>&1 && rmdir "$probe/aetherius-probe-$$" 2>&1); then
    say "no real node: no right to make control groups: $reason"
    return 1
  fi
}

# in_node COMMAND…: in the node's namespaces
in_node() {
  nsenter --target "$node_pid" --net --mount --uts --ipc \
    --pid="/proc/$node_pid/ns/pid_for_children" --wd=/ -- "$@"
}

# Both ends are made from within the node's namespace, the host's end being
# pushed out: so the pair belongs to that namespace from its first moment and
# cannot outlive it. That the name is taken tells which numbers are in use.
#
# 198.18.0.0/15 is set aside for test benches (RFC 2544): neither the machine's
# own networks nor a VPN should use it.
create_link() {
  local number init_pid deadline=$((SECONDS + 10))
  mkdir -p "$dir/node"
  rm -f "$dir/node/namespaces-ready"
  launch node unshare --net --pid --mount --ipc --uts --fork --kill-child=KILL -- \
    "$scripts/node/init" "$dir" "$binaries" "$node_name"
  node_pid=$launched_pid
  until [ -e "$dir/node/namespaces-ready" ]; do
    if [ $SECONDS -ge $deadline ] || ! start_time "$node_pid" >/dev/null; then
      say "error: the node's namespaces could not be made"
      show_log_tail "$dir/logs/node.log"
      exit 1
    fi
    sleep 0.02
  done
  # Recorded by itself: once it is gone, everything in its namespace is.
  read -r init_pid _ <"/proc/$node_pid/task/$node_pid/children" || true
  record_process node-init "$init_pid"

  for ((number = 0; number < 128; number++)); do
    link=aetherius$number
    [ ! -e "/sys/class/net/$link" ] || continue
    nsenter --target "$node_pid" --net -- \
      ip link add eth0 type veth peer name "$link" netns $$ 2>>"$dir/logs/node.log" && break
  done
  [ "$number" -lt 128 ] || { say "error: no network device could be made for the node"; show_log_tail "$dir/logs/node.log"; exit 1; }
  write_state link "$link"

  host_address=198.18.$number.1
  node_address=198.18.$number.2
  service_cidr=198.18.$number.128/25
  pod_cidr=198.19.$number.0/24
  ip address add "$host_address/30" dev "$link"
  ip link set "$link" up
  nsenter --target "$node_pid" --net -- ip -batch - <<END
link set lo up
address add $node_address/30 dev eth0
link set eth0 up
route add $service_cidr dev eth0
END
  # So that kube-apiserver and tests reach pods and Services, too.
  ip route add "$pod_cidr" via "$node_address" dev "$link"
  ip route add "$service_cidr" via "$node_address" dev "$link"
}

create_cgroup() {
  local hierarchy file
  cgroup=/aetherius-$(printf '%04x%04x' $RANDOM $RANDOM)
  write_state cgroup "$cgroup"
  if [ "$(stat -f -c %T /sys/fs/cgroup)" = cgroup2fs ]; then
    while read -r file; do
      case $file in cpu | cpuset | memory | hugetlb | pids) ;; *) continue ;; esac
      ! grep -qw "$file" /sys/fs/cgroup/cgroup.subtree_control || continue
      write_state controller "$file"
      echo "+$file" >/sys/fs/cgroup/cgroup.subtree_control
    done < <(tr ' ' '\n' </sys/fs/cgroup/cgroup.controllers)
    mkdir "/sys/fs/cgroup$cgroup"
    return
  fi
  for hierarchy in /sys/fs/cgroup/*/; do
    # Some hierarchies have a second name, which is a symbolic link.
    [ ! -L "${hierarchy%/}" ] || continue
    mkdir "${hierarchy%/}$cgroup"
    for file in cpuset.cpus cpuset.mems; do
      [ ! -e "$hierarchy$file" ] || cat "$hierarchy$file" >"${hierarchy%/}$cgroup/$file"
    done
  done
}

start_node() {
  local minor
  minor=$(minor_version kubelet)
  create_cgroup
  mkdir -p "$dir/node/cni"
  cat >"$dir/node/cni/10-bridge.conflist" <<END
{
  "cniVersion": "0.4.0",
  "name": "aetherius",
  "plugins": [
    {
      "type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": true, "hairpinMode": true,
      "ipam": {
        "type": "host-local", "dataDir": "/run/cni-addresses",
        "ranges": [[{"subnet": "$pod_cidr"}]], "routes": [{"dst": "0.0.0.0/0"}]
      }
    },
    {"type": "portmap", "capabilities": {"portMappings": true}}
  ]
}
END
  local snapshotter=overlayfs
  # An overlay's upper directory cannot be on another overlay.
  [ "$(stat -f -c %T "$dir")" != overlayfs ] || snapshotter=native
  cat >"$dir/node/containerd.toml" <<END
version = 2
root = "/run/aetherius/node/containerd"
state = "/run/containerd"
# The plugin would make a directory under /opt.
disabled_plugins = ["io.containerd.internal.v1.opt"]

[grpc]
  address = "/run/containerd/containerd.sock"

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "aetherius.local/pause:1"
  # Where CAP_SYS_RESOURCE is withheld, no pod would start without this.
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "/run/aetherius/node/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "$snapshotter"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
END
  cat >"$dir/node/kubelet.yaml" <<END
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true}
  x509: {clientCAFile: /run/aetherius/pki/ca.crt}
authorization: {mode: Webhook}
tlsCertFile: /run/aetherius/pki/kubelet.crt
tlsPrivateKeyFile: /run/aetherius/pki/kubelet.key
cgroupDriver: cgroupfs
cgroupRoot: $cgroup
failSwapOn: false
oomScoreAdj: 0
# There is no name server. A pod that asks for one hears so at once, and without
# an address here each pod would get a Warning event.
clusterDNS: [127.0.0.1]
clusterDomain: cluster.local
resolvConf: /run/aetherius/node/resolv.conf
# A status is only sent when it has changed; this is how soon that is noticed.
nodeStatusUpdateFrequency: 1s
serializeImagePulls: false
registryPullQPS: 0
eventRecordQPS: 0
# What was imported could not be fetched again.
imageGCHighThresholdPercent: 100
evictionHard: {memory.available: 50Mi, nodefs.available: 1%, imagefs.available: 1%, nodefs.inodesFree: 1%}
END
  : >"$dir/node/resolv.conf"
  [ "$minor" -lt 31 ] || echo "failCgroupV1: false" >>"$dir/node/kubelet.yaml"
  local flags=()
  [ "$minor" -ge 24 ] || flags+=(--container-runtime=remote --network-plugin=cni)
  if [ "$minor" -ge 27 ]; then
    echo "containerRuntimeEndpoint: unix:///run/containerd/containerd.sock" >>"$dir/node/kubelet.yaml"
  else
    flags+=(--container-runtime-endpoint=unix:///run/containerd/containerd.sock)
  fi
  printf '%s\n' \
    --config=/run/aetherius/node/kubelet.yaml \
    --kubeconfig=/run/aetherius/kubeconfigs/kubelet \
    --hostname-override="$node_name" --node-ip="$node_address" \
    --root-dir=/run/aetherius/node/kubelet --cert-dir=/run/aetherius/node/kubelet/pki \
    --volume-plugin-dir=/run/aetherius/node/kubelet/plugins \
    "${flags[@]}" >"$dir/node/kubelet.flags"
  cat >"$dir/node/kube-proxy.yaml" <<END
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: iptables
clusterCIDR: $pod_cidr
bindAddress: $node_address
hostnameOverride: $node_name
clientConnection: {kubeconfig: /run/aetherius/kubeconfigs/kube-proxy}
oomScoreAdj: 0
# These limits belong to the whole machine.
conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
END
  # Up to 1.23 kubelet begins by looking for Docker for five seconds, during
  # which kube-apiserver becomes ready; later ones had better wait for it.
  [ "$minor" -lt 24 ] || : >"$dir/node/kubelet-waits"
  : >"$dir/node/configured"
}

# Clients that start before kube-apiserver answers wait longer than it takes.
release_node() { : >"$dir/node/apiserver-ready"; }

# kube-controller-manager would do this, but only after blocking its other
# controllers for ten seconds at its start.
assign_pod_cidr() {
  api PATCH "/api/v1/nodes/$node_name" application/merge-patch+json \
    "{\"spec\":{\"podCIDR\":\"$pod_cidr\",\"podCIDRs\":[\"$pod_cidr\"]}}" >/dev/null
}

node_ready() {
  api GET "/api/v1/nodes/$node_name" | grep -q '"type":"Ready","status":"True"'
}

find_node() {
  local name pid started
  [ -e "$dir/pids" ] || die "there is no cluster in $dir"
  while read -r name pid started; do
    if [ "$name" = node ] && is_recorded_process "$pid" "$started"; then node_pid=$pid; return 0; fi
  done <"$dir/pids"
  die "the cluster in $dir has no running node"
}

command_exec() {
  find_node
  [ ${#arguments[@]} -gt 0 ] || arguments=(bash)
  in_node "${arguments[@]}"
}

command_load() {
  [ ${#arguments[@]} -eq 1 ] || die "load needs one image archive (see --help)"
  find_node
  in_node ctr --namespace k8s.io images import - <"${arguments[0]}"
}
