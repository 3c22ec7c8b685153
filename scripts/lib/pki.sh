# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154,SC2034
# Certificates and kubeconfigs of one cluster. Elliptic curve keys, because
# making RSA keys would take longer than starting etcd.
#
# Expects: dir

create_authority() {
  mkdir -p "$dir/pki"
  # openssl's own configuration would make every certificate an authority.
  printf '[req]\ndistinguished_name=dn\n[dn]\n' >"$dir/pki/openssl.cnf"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
    -config "$dir/pki/openssl.cnf" -days 3650 -subj /CN=aetherius-local \
    -addext basicConstraints=critical,CA:TRUE \
    -addext keyUsage=critical,keyCertSign,cRLSign,digitalSignature \
    -addext subjectKeyIdentifier=hash \
    -keyout "$dir/pki/ca.key" -out "$dir/pki/ca.crt" 2>"$dir/logs/pki.log"
  openssl ecparam -name prime256v1 -genkey -noout -out "$dir/pki/service-account.key"
}

# create_certificate NAME SUBJECT [SUBJECT-ALTERNATIVE-NAMES]
create_certificate() {
  local name=$1 subject=$2 names=${3:-} usage=clientAuth
  local extra=()
  if [ -n "$names" ]; then
    usage=serverAuth,clientAuth
    extra=(-addext "subjectAltName=$names")
  fi
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
    -config "$dir/pki/openssl.cnf" -days 3650 -subj "$subject" \
    -CA "$dir/pki/ca.crt" -CAkey "$dir/pki/ca.key" \
    -addext basicConstraints=critical,CA:FALSE \
    -addext keyUsage=critical,digitalSignature \
    -addext "extendedKeyUsage=$usage" "${extra[@]}" \
    -keyout "$dir/pki/$name.key" -out "$dir/pki/$name.crt" 2>>"$dir/logs/pki.log"
}

# create_kubeconfig CERTIFICATE-NAME FILE
create_kubeconfig() {
  local name=$1 file=$2
  cat >"$file.new" <<END
apiVersion: v1
kind: Config
clusters:
- name: aetherius-local
  cluster:
    server: $server
    certificate-authority-data: $(base64 -w 0 "$dir/pki/ca.crt")
users:
- name: $name
  user:
    client-certificate-data: $(base64 -w 0 "$dir/pki/$name.crt")
    client-key-data: $(base64 -w 0 "$dir/pki/$name.key")
contexts:
- name: aetherius-local
  context:
    cluster: aetherius-local
    user: $name
current-context: aetherius-local
END
  mv "$file.new" "$file"
}
