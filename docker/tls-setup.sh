#!/bin/sh
# Makes a CA for inside use, and certificates for the bus and the database. The CA's key is in a volume that no service has.
# Runs in the image of PostgreSQL, which has openssl: see tls-setup in docker/compose.yaml. A second run changes nothing.
set -eu
umask 077
curve='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
if [ ! -e "$CA_KEY/ca.key" ]; then
  # shellcheck disable=SC2086
  openssl req -x509 $curve -days 3650 -subj '/CN=Hutong inside CA' -keyout "$CA_KEY/ca.key" -out "$CA/ca.crt"
  chmod 0644 "$CA/ca.crt"
fi
certify() { # folder, DNS names with commas
  if [ -e "$1/server.key" ]; then return; fi
  names=$(echo "$2" | tr -s ', ' '\n\n' | sed '/^$/d; s/^/DNS:/' | paste -sd, -)
  # shellcheck disable=SC2086
  openssl req $curve -subj "/CN=${2%%,*}" -keyout "$1/server.key" -out "$1/server.csr"
  printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth\n' "$names" > "$1/extensions"
  openssl x509 -req -in "$1/server.csr" -CA "$CA/ca.crt" -CAkey "$CA_KEY/ca.key" -CAcreateserial -days 825 \
    -extfile "$1/extensions" -out "$1/server.crt"
  rm "$1/server.csr" "$1/extensions"
}
certify "$TLS_NATS" "nats,${BUS_HOST:-nats}"
certify "$TLS_POSTGRES" postgres
if [ "$(id -u)" = 0 ]; then chown -R postgres:postgres "$TLS_POSTGRES"; fi
