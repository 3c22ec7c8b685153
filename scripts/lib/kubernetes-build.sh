# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154,SC2034
# Builds the Kubernetes binaries from Debian's source package. Sourced by
# scripts/kubernetes-binaries, which holds the lock while this runs.

# The one version whose source package is known to build this way: it vendors
# everything it needs, later ones depend on other Debian packages.
kubernetes_version=1.20.2

# Counts the changes to what is built from that source, so that a cache filled
# before such a change is not taken for a good one.
kubernetes_build=2

# kube-apiserver comes first because most callers wait for nothing else.
kubernetes_commands="kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy"

build_step() {
  local what=$1
  shift
  say "$what…"
  # In the background, because within a condition a failing command would not
  # end the step.
  "$@" >>"$build_log" 2>&1 &
  if ! wait $!; then
    say "error: failed while $what"
    show_log_tail "$build_log"
    say "the whole log is kept in $build_log"
    say "repair what it names and run this again, or set KUBEBUILDER_ASSETS to a directory with kube-apiserver and etcd"
    return 1
  fi
}

# A private copy of the configured sources, asking for source packages too:
# the machine's own apt configuration stays as it is.
fetch_source() {
  local dir=$1 file
  mkdir -p "$dir/apt/parts" "$dir/apt/lists/partial" "$dir/apt/cache/archives/partial" "$dir/source"
  for file in /etc/apt/sources.list.d/*.sources; do
    [ -f "$file" ] || continue
    sed 's/^Types:.*/Types: deb-src/' "$file" >"$dir/apt/parts/${file##*/}"
  done
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ -f "$file" ] || continue
    sed -n 's/^deb\(-src\)\{0,1\}[[:space:]]/deb-src /p' "$file" >"$dir/apt/parts/own-${file##*/}"
  done
  local options=(
    -o Dir::Etc::SourceList=/dev/null
    -o "Dir::Etc::SourceParts=$dir/apt/parts"
    -o "Dir::State::Lists=$dir/apt/lists"
    -o "Dir::Cache=$dir/apt/cache"
    -o APT::Sandbox::User=
  )
  # A third-party repository without sources makes the update fail as a whole;
  # whether Debian's own came through shows in the next step.
  apt-get "${options[@]}" update || true
  cd "$dir/source" || return
  apt-get "${options[@]}" source --download-only kubernetes
}

unpack_source() {
  local dir=$1 description version
  description=$(find "$dir/source" -name 'kubernetes_*.dsc' | head -n 1)
  [ -n "$description" ] || { echo "apt fetched no .dsc file"; return 1; }
  version=$(sed -n 's/^Version: //p' "$description" | head -n 1)
  # "1.20.5+really1.20.2-1.1" is Debian's way to go back to 1.20.2.
  version=${version##*really}
  version=${version%%[-+]*}
  if [ "$version" != "$kubernetes_version" ]; then
    echo "this Debian release carries the source of Kubernetes $version; only $kubernetes_version (Debian 12) is known to build here"
    return 1
  fi
  mkdir -p "$dir/go/src/k8s.io"
  # apt has verified the hashes already.
  dpkg-source --no-check -x "$description" "$dir/go/src/k8s.io/kubernetes"
}

# Debian 12's Go 1.19 is newer than this source, and two things in it go wrong
# with custom resources: the vendored reflect2 reads maps through a function of
# the runtime that has changed since (the server crashes), and the schema check
# takes an empty string for null (the server refuses it).
adapt_to_go() {
  local dir=$1 tree=$1/go/src/k8s.io/kubernetes package check
  mkdir -p "$dir/reflect2"
  cd "$dir/reflect2" || return
  apt-get download golang-github-modern-go-reflect2-dev
  package=$(find . -name 'golang-github-modern-go-reflect2-dev_*.deb' | head -n 1)
  dpkg-deb -x "$package" root
  rm -rf "$tree/vendor/github.com/modern-go/reflect2"
  cp -r root/usr/share/gocode/src/github.com/modern-go/reflect2 "$tree/vendor/github.com/modern-go/"
  check=$tree/vendor/k8s.io/kube-openapi/pkg/validation/validate/type.go
  sed -i 's/^\tif data == nil || .*{$/\tif data == nil {/' "$check"
  grep -q '^	if data == nil {$' "$check"
}

go_build() {
  local output=$1 package=$2 flags="-s -w" path
  for path in component-base/version client-go/pkg/version; do
    path="k8s.io/kubernetes/vendor/k8s.io/$path"
    flags+=" -X $path.gitVersion=v$kubernetes_version -X $path.gitMajor=1 -X $path.gitMinor=20"
    flags+=" -X $path.gitTreeState=clean -X $path.buildDate=2021-01-13T13:20:00Z"
  done
  go build -trimpath -ldflags "$flags" -o "$output" "$package"
}

# The published source leaves this one generated file to its makefiles, which
# need more tools than a plain go build.
generate_openapi() {
  local dir=$1 packages
  # Not -trimpath: the generator reads the standard library, and finds it by the
  # path it was built with.
  go build -o "$dir/openapi-gen" k8s.io/kubernetes/vendor/k8s.io/kube-openapi/cmd/openapi-gen
  packages=$(
    grep -rlE --include='*.go' '^// *\+k8s:openapi-gen=true' pkg staging/src/k8s.io |
      grep -vE '/(sample-[a-z]*|_examples|code-generator|cmd)/' |
      sed -e 's|^staging/src/|k8s.io/kubernetes/vendor/|' -e 's|^pkg/|k8s.io/kubernetes/pkg/|' -e 's|/[^/]*$||' |
      sort -u | paste -sd, -
  )
  "$dir/openapi-gen" --input-dirs "$packages" \
    --output-base "$dir/go/src" --output-package k8s.io/kubernetes/pkg/generated/openapi \
    --output-file-base zz_generated.openapi \
    --go-header-file hack/boilerplate/boilerplate.generatego.txt \
    --report-filename "$dir/openapi-report"
}

# etcd is copied, not linked: the cache must go on working when the package is
# removed, and needs no root to be filled.
provide_etcd() {
  local dir=$1 target=$2 package
  if have etcd; then
    cp "$(command -v etcd)" "$dir/etcd"
  else
    mkdir -p "$dir/etcd-package"
    cd "$dir/etcd-package" || return
    apt-get download etcd-server
    package=$(find . -name 'etcd-server_*.deb' | head -n 1)
    dpkg-deb -x "$package" root
    cp root/usr/bin/etcd "$dir/etcd"
  fi
  chmod 755 "$dir/etcd"
  mv "$dir/etcd" "$target/etcd"
}

# Publishes each binary under its final name with a rename, as soon as it is
# linked: a reader sees a whole file or none.
build_kubernetes() (
  # No locals: the trap runs after the function has returned, in a subshell.
  target=$1 missing=""
  mkdir -p "$target"
  build_log=$target.build.log
  : >"$build_log"

  [ -x "$target/etcd" ] || {
    work=$(mktemp -d "$target.building.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    build_step "taking etcd from Debian's package" provide_etcd "$work" "$target"
    rm -rf "$work"
  }
  for name in $kubernetes_commands; do
    [ -x "$target/$name" ] || missing+=" $name"
  done
  [ -n "$missing" ] || return 0

  # What a killed build left; the lock says that none is running.
  rm -rf "$target".building.*
  "$scripts/deps" --build
  work=$(mktemp -d "$target.building.XXXXXX")
  trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
  export GOPATH=$work/go GOCACHE=$work/go-cache GO111MODULE=off CGO_ENABLED=0 GOFLAGS=
  build_step "fetching the source of Kubernetes $kubernetes_version (34 MB)" fetch_source "$work"
  build_step "unpacking it" unpack_source "$work"
  build_step "adapting it to this Go" adapt_to_go "$work"
  cd "$GOPATH/src/k8s.io/kubernetes" || exit
  build_step "generating the OpenAPI definitions (about 20 seconds)" generate_openapi "$work"
  for name in $missing; do
    case $name in
      kube-apiserver) took="about 2 minutes" ;;
      kubelet) took="about 30 seconds" ;;
      *) took="about 15 seconds" ;;
    esac
    build_step "building $name $kubernetes_version from Debian's source package ($took)" \
      go_build "$work/$name" "k8s.io/kubernetes/cmd/$name"
    mv "$work/$name" "$target/$name"
  done
  rm -f "$build_log"
)
