#!/bin/sh
# Makes docker/.env with a random value for every secret that docker/compose.yaml demands, readable to its owner alone.
# Run it once: a second run changes nothing.   sh docker/secrets.sh [file]
set -eu
file="${1:-$(dirname "$0")/.env}"
if [ -e "$file" ]; then
  echo "$file is there already: nothing changed" >&2
  exit 0
fi
umask 077
random() { head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }
cat > "$file" <<VALUES
# Names of the two sites of the proxy. For public names it gets certificates of Let's Encrypt.
MEDIA_HOST=media.localhost
CONSOLE_HOST=console.localhost
POSTGRES_PASSWORD=$(random)
# Two people: keep the first, give the second to the other admin, and remove both lines from here once both have keys of their own.
ADMIN_KEY=hk_$(random)
SECOND_ADMIN_KEY=hk_$(random)
MEDIA_LINK_KEY=$(random)
# Call pages (docs/calls.md): shared by Janus and the media gateway. Remove the # when Janus runs.
JANUS_SECRET=$(random)
# JANUS_URL=ws://172.30.99.1:8188
# Encrypts secrets in the database. To rotate it, put a new key and a comma in front.
ENCRYPTION_KEY=$(random)
# Never change it: detail records name people by hashes made with it.
CLEARING_PARTY_KEY=$(random)
VALUES
echo "$file"
