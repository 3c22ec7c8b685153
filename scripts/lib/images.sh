# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154,SC2034
# Container images without a container engine: an archive as "docker save"
# writes it is a layer, a configuration and a manifest.

# image_archive OUTPUT NAME ROOT-DIRECTORY CONFIG-JSON
image_archive() (
  set -euo pipefail
  umask 022
  output=$1 name=$2 root=$3 config=$4
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  case $(uname -m) in
    x86_64) architecture=amd64 ;;
    aarch64) architecture=arm64 ;;
    armv7l) architecture=arm ;;
    *) architecture=$(uname -m) ;;
  esac
  # Same input, same archive: without times, owners and the order of the disk.
  reproducible=(--sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --format=gnu)
  tar "${reproducible[@]}" -C "$root" -cf "$work/layer.tar" .
  layer=$(sha256sum "$work/layer.tar" | cut -d ' ' -f 1)
  mkdir "$work/archive" "$work/archive/$layer"
  mv "$work/layer.tar" "$work/archive/$layer/layer.tar"
  printf '{"architecture":"%s","os":"linux","created":"1970-01-01T00:00:00Z","config":%s,"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
    "$architecture" "$config" "$layer" >"$work/config.json"
  digest=$(sha256sum "$work/config.json" | cut -d ' ' -f 1)
  mv "$work/config.json" "$work/archive/$digest.json"
  printf '[{"Config":"%s.json","RepoTags":["%s"],"Layers":["%s/layer.tar"]}]' \
    "$digest" "$name" "$layer" >"$work/archive/manifest.json"
  mkdir -p "$(dirname "$output")"
  tar "${reproducible[@]}" -C "$work/archive" -cf "$output.new.$$" .
  mv "$output.new.$$" "$output"
)

# copy_shared_libraries ROOT-DIRECTORY PROGRAM…: the libraries of this machine that
# the programs need, the loader among them, at the paths where they are.
copy_shared_libraries() {
  local root=$1 library
  shift
  for library in $(ldd "$@" | grep -o '[[:space:]]/[^ ]*' | sort -u); do
    mkdir -p "$root$(dirname "$library")"
    cp -L "$library" "$root$library"
  done
}

create_pause_image() (
  set -euo pipefail
  umask 022
  root=$(mktemp -d)
  trap 'rm -rf "$root"' EXIT
  gcc -static -Os -s -o "$root/pause" "$scripts/node/pause.c"
  image_archive "$1" aetherius.local/pause:1 "$root" '{"Entrypoint":["/pause"]}'
)

create_demo_image() (
  set -euo pipefail
  umask 022
  root=$(mktemp -d)
  trap 'rm -rf "$root"' EXIT
  mkdir -p "$root/bin" "$root/etc" "$root/home" "$root/tmp" "$root/var"
  chmod 755 "$root"
  chmod 1777 "$root/tmp"
  cp "$(command -v busybox)" "$root/bin/busybox"
  for applet in $("$root/bin/busybox" --list); do
    [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
  done
  printf 'root:x:0:0:root:/home:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/sh\n' >"$root/etc/passwd"
  printf 'root:x:0:\nnogroup:x:65534:\n' >"$root/etc/group"
  image_archive "$1" aetherius.local/demo:1 "$root" \
    '{"Env":["PATH=/bin"],"Cmd":["/bin/sh"],"WorkingDir":"/"}'
)

# Into the cache, made again when what they are made of has changed.
create_images() {
  local cache version
  cache=$(cache_root)/images
  version=$(cat "$scripts/node/pause.c" "$scripts/lib/images.sh" "$(command -v busybox)" | cksum | cut -d ' ' -f 1)
  [ -e "$cache/pause-$version.tar" ] || create_pause_image "$cache/pause-$version.tar"
  [ -e "$cache/demo-$version.tar" ] || create_demo_image "$cache/demo-$version.tar"
  mkdir -p "$dir/node/images"
  ln -sf "$cache/pause-$version.tar" "$dir/node/images/pause.tar"
  ln -sf "$cache/demo-$version.tar" "$dir/node/images/demo.tar"
}
