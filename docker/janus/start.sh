#!/bin/sh
# Writes Janus' configuration from the environment, and becomes Janus.
#   JANUS_SECRET          shared with the media gateway
#   JANUS_API_ADDRESS     where its API listens: reachable for the media gateway alone
#   JANUS_RTP_ADDRESS     address of this machine for plain RTP; empty: that of its default route
#   JANUS_PUBLIC_ADDRESS  public address, behind a one-to-one NAT; empty: none
set -eu
if [ "${#JANUS_SECRET}" -lt 16 ]; then
  echo 'JANUS_SECRET needs 16 characters or more: docker/secrets.sh makes one, in docker/.env' >&2
  exit 1
fi
config="${JANUS_CONFIG:-/tmp/janus}"
own="${JANUS_RTP_ADDRESS:-$(hostname -I | cut -d ' ' -f 1)}"
umask 077
mkdir -p "$config"
cat > "$config/janus.jcfg" <<END
general: {
  configs_folder = "$config"
  api_secret = "$JANUS_SECRET"
  debug_level = 3
  hide_dependencies = true
}
media: { rtp_port_range = "20000-29999" }
nat: {
  ignore_mdns = true
${JANUS_PUBLIC_ADDRESS:+  nat_1_1_mapping = \"$JANUS_PUBLIC_ADDRESS\"}
}
END
cat > "$config/janus.plugin.nosip.jcfg" <<END
general: {
  local_ip = "$own"
  rtp_port_range = "30000-39999"
  events = false
${JANUS_PUBLIC_ADDRESS:+  sdp_ip = \"$JANUS_PUBLIC_ADDRESS\"}
}
END
cat > "$config/janus.transport.websockets.jcfg" <<END
general: {
  json = "compact"
  ws = true
  ws_ip = "$JANUS_API_ADDRESS"
  ws_port = 8188
  wss = false
}
admin: { admin_ws = false }
END
exec janus -F "$config"
