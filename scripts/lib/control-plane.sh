# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154,SC2034
# etcd, kube-apiserver, kube-controller-manager and kube-scheduler.
#
# Expects: dir, binaries, node, controller_manager, apiserver_arguments, and after
# choose_addresses:
# host_address, secure_port, etcd_port, service_cidr, pod_cidr, server

# "Kubernetes v1.20.2" -> 20
minor_version() {
  local version
  version=$("$binaries/$1" --version)
  version=${version#*v1.}
  printf '%s\n' "${version%%.*}"
}

create_credentials() {
  local first_service=${service_cidr%/*}
  first_service=${first_service%.*}.$((${first_service##*.} + 1))
  create_authority
  local names="DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc"
  names+=",DNS:kubernetes.default.svc.cluster.local,IP:127.0.0.1,IP:$host_address,IP:$first_service"
  local pids=() pid
  create_certificate kube-apiserver /CN=kube-apiserver "$names" & pids+=($!)
  create_certificate kubelet-client /O=system:masters/CN=kube-apiserver-kubelet-client & pids+=($!)
  create_certificate admin /O=system:masters/CN=aetherius-local-admin & pids+=($!)
  create_certificate kube-controller-manager /CN=system:kube-controller-manager & pids+=($!)
  if [ "$node" = yes ]; then
    create_certificate kube-scheduler /CN=system:kube-scheduler & pids+=($!)
    create_certificate kube-proxy /CN=system:kube-proxy & pids+=($!)
    create_certificate kubelet "/O=system:nodes/CN=system:node:$node_name" \
      "DNS:$node_name,IP:$node_address" & pids+=($!)
  fi
  for pid in "${pids[@]}"; do wait "$pid"; done
  mkdir -p "$dir/kubeconfigs"
  create_kubeconfig kube-controller-manager "$dir/kubeconfigs/kube-controller-manager"
  if [ "$node" = yes ]; then
    create_kubeconfig kube-scheduler "$dir/kubeconfigs/kube-scheduler"
    create_kubeconfig kube-proxy "$dir/kubeconfigs/kube-proxy"
    create_kubeconfig kubelet "$dir/kubeconfigs/kubelet"
  fi
}

start_etcd() {
  # Port 0 for the peers it never has: the kernel chooses one.
  launch etcd "$binaries/etcd" \
    --name default --data-dir "$dir/etcd" --unsafe-no-fsync \
    --listen-client-urls "http://127.0.0.1:$etcd_port" \
    --advertise-client-urls "http://127.0.0.1:$etcd_port" \
    --listen-peer-urls http://127.0.0.1:0 \
    --quota-backend-bytes $((4 * 1024 * 1024 * 1024)) \
    --auto-compaction-mode periodic --auto-compaction-retention 5m \
    --logger zap --log-level warn
}

start_apiserver() {
  local minor flags=()
  minor=$(minor_version kube-apiserver)
  # Up to 1.23 there is a port without authentication unless told otherwise.
  [ "$minor" -ge 24 ] || flags+=(--insecure-port 0)
  if [ "$controller_manager" != yes ]; then
    # Nobody would create the accounts that this admission plugin demands.
    flags+=(--disable-admission-plugins ServiceAccount)
  fi
  launch kube-apiserver "$binaries/kube-apiserver" \
    --etcd-servers "http://127.0.0.1:$etcd_port" \
    --bind-address "$host_address" --advertise-address "$host_address" \
    --secure-port "$secure_port" \
    --tls-cert-file "$dir/pki/kube-apiserver.crt" \
    --tls-private-key-file "$dir/pki/kube-apiserver.key" \
    --client-ca-file "$dir/pki/ca.crt" \
    --kubelet-client-certificate "$dir/pki/kubelet-client.crt" \
    --kubelet-client-key "$dir/pki/kubelet-client.key" \
    --kubelet-certificate-authority "$dir/pki/ca.crt" \
    --kubelet-preferred-address-types InternalIP \
    --authorization-mode Node,RBAC --enable-admission-plugins NodeRestriction \
    --service-account-issuer https://kubernetes.default.svc.cluster.local \
    --service-account-key-file "$dir/pki/service-account.key" \
    --service-account-signing-key-file "$dir/pki/service-account.key" \
    --service-cluster-ip-range "$service_cidr" \
    --allow-privileged=true \
    --max-requests-inflight 4000 --max-mutating-requests-inflight 2000 \
    --delete-collection-workers 4 \
    "${flags[@]}" "${apiserver_arguments[@]}"
}

start_controller_manager() {
  local minor flags=()
  minor=$(minor_version kube-controller-manager)
  [ "$minor" -ge 24 ] || flags+=(--port 0)
  launch kube-controller-manager "$binaries/kube-controller-manager" \
    --kubeconfig "$dir/kubeconfigs/kube-controller-manager" \
    --leader-elect=false --secure-port 0 \
    --use-service-account-credentials=true \
    --service-account-private-key-file "$dir/pki/service-account.key" \
    --root-ca-file "$dir/pki/ca.crt" \
    --cluster-signing-cert-file "$dir/pki/ca.crt" \
    --cluster-signing-key-file "$dir/pki/ca.key" \
    --kube-api-qps 300 --kube-api-burst 600 \
    "${flags[@]}"
}

start_scheduler() {
  local minor flags=()
  minor=$(minor_version kube-scheduler)
  [ "$minor" -ge 24 ] || flags+=(--port 0)
  launch kube-scheduler "$binaries/kube-scheduler" \
    --kubeconfig "$dir/kubeconfigs/kube-scheduler" \
    --leader-elect=false --secure-port 0 \
    "${flags[@]}"
}

# api METHOD PATH [CONTENT-TYPE BODY]: prints the answer; fails unless it is 2xx.
api() {
  local body=()
  [ $# -le 2 ] || body=(--header "Content-Type: $3" --data "$4")
  curl --silent --fail --max-time 5 --request "$1" --user-agent aetherius-local-kubernetes \
    --cacert "$dir/pki/ca.crt" --cert "$dir/pki/admin.crt" --key "$dir/pki/admin.key" \
    "${body[@]}" "$server$2"
}

apiserver_ready() { api GET /readyz >/dev/null; }
default_account_exists() { api GET /api/v1/namespaces/default/serviceaccounts/default >/dev/null; }
