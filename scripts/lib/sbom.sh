# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# What is in the image, and of which version, as SPDX 2.3.
#
# Expects: repository

json_string() {
  local value=${1//\\/\\\\}
  printf '"%s"' "${value//\"/\\\"}"
}

# package_entry NAME VERSION PURL SUPPLIER [DOWNLOAD-LOCATION]
package_entry() {
  local id
  id=SPDXRef-$(printf '%s' "$3" | tr -c 'A-Za-z0-9.' '-')
  printf ',\n    {"SPDXID": "%s", "name": %s, "versionInfo": %s, "supplier": %s, "downloadLocation": %s,' \
    "$id" "$(json_string "$1")" "$(json_string "$2")" "$(json_string "$4")" "$(json_string "${5:-NOASSERTION}")"
  printf ' "filesAnalyzed": false, "licenseConcluded": "NOASSERTION", "licenseDeclared": "NOASSERTION",'
  printf ' "copyrightText": "NOASSERTION",\n     "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": %s}]}' \
    "$(json_string "$3")"
  printf '%s\n' "$id" >&3
}

# The Debian packages that own the files of a root directory, as "NAME VERSION
# ARCHITECTURE SOURCE". Since directories were merged, a package may know a file
# by another of its names.
debian_packages() {
  local root=$1 file owner
  find "$root" -name '*.so*' -type f -printf '/%P\n' | sort | while read -r file; do
    owner=$(dpkg-query --search "$file" "/usr$file" "${file#/usr}" "$(readlink -f "$file")" 2>/dev/null |
      grep -v '^diversion' | head -n 1)
    [ -n "$owner" ] || die "no Debian package owns $file"
    printf '%s\n' "${owner%%: /*}"
  done | sort -u | while read -r owner; do
    dpkg-query --show --showformat '${Package} ${Version} ${Architecture} ${source:Package}\n' "$owner"
  done
  dpkg-query --show --showformat '${Package} ${Version} ${Architecture} ${source:Package}\n' ca-certificates
}

# "IDENTITY LOCATION REVISION VERSION" of each Swift package.
swift_packages() {
  local resolved=$repository/Package.resolved
  [ -e "$resolved" ] || swift package --package-path "$repository" resolve >&2
  sed -nE 's/^ *"(identity|location|revision|version)" : "(.*)",?$/\1 \2/p' "$resolved" | awk '
    { value[$1] = $2 }
    $1 == "version" { print value["identity"], value["location"], value["revision"], value["version"] }
  '
}

# write_sbom ROOT-DIRECTORY VERSION
write_sbom() {
  local root=$1 version=$2 text ids created distribution
  ids=$(mktemp)
  distribution=$(sed -n 's/^ID=//p' /etc/os-release)-$(sed -n 's/^VERSION_ID="\(.*\)"/\1/p' /etc/os-release)
  created=$(date --utc --date "@${SOURCE_DATE_EPOCH:-$(git -C "$repository" log -1 --format=%ct 2>/dev/null || echo 0)}" +%FT%TZ)
  text=$(
    exec 3>"$ids"
    debian_packages "$root" | while read -r name package_version architecture _; do
      package_entry "$name" "$package_version" \
        "pkg:deb/debian/$name@${package_version//+/%2B}?arch=$architecture&distro=$distribution" "Organization: Debian"
    done
    package_entry swift-stdlib "$(swift_version)" "pkg:github/swiftlang/swift@swift-$(swift_version)-RELEASE" \
      "Organization: swift.org"
    swift_packages | while read -r identity location revision package_version; do
      package_entry "$identity" "$package_version" "pkg:swift/${location#https://}@$package_version" \
        "NOASSERTION" "git+$location@$revision"
    done
  )
  cat <<END
{
  "spdxVersion": "SPDX-2.3",
  "dataLicense": "CC0-1.0",
  "SPDXID": "SPDXRef-DOCUMENT",
  "name": "aetherius-$version",
  "documentNamespace": "https://aetherius.io/spdx/aetherius-$version-$(printf '%s' "$text" | sha256sum | cut -c 1-32)",
  "creationInfo": {"created": "$created", "creators": ["Tool: aetherius-scripts-image"]},
  "documentDescribes": ["SPDXRef-aetherius"],
  "packages": [
    {"SPDXID": "SPDXRef-aetherius", "name": "aetherius", "versionInfo": "$version", "downloadLocation": "NOASSERTION",
     "filesAnalyzed": false, "licenseConcluded": "Apache-2.0", "licenseDeclared": "Apache-2.0", "copyrightText": "NOASSERTION",
     "checksums": [{"algorithm": "SHA256", "checksumValue": "$(sha256sum "$root/usr/local/bin/aetherius" | cut -d ' ' -f 1)"}]}$text
  ],
  "relationships": [
    {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-aetherius"}$(
      while read -r id; do
        printf ',\n    {"spdxElementId": "SPDXRef-aetherius", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "%s"}' "$id"
      done <"$ids"
    )
  ]
}
END
  rm -f "$ids"
}

swift_version() { swift --version 2>/dev/null | sed -nE 's/^.*Swift version ([0-9.]+).*$/\1/p' | head -n 1; }
