-- For trying things out: loopback port, plain authentication. Not for the open network.
plugin_paths = { "/etc/prosody/hutong" }
modules_enabled = { "roster"; "saslauth"; "disco"; "private"; "blocklist"; "vcard4"; "vcard_legacy"; "carbons"; "mam"; "smacks"; "pep"; "ping"; "offline" }
modules_disabled = { "s2s" }
allow_unencrypted_plain_auth = true
c2s_require_encryption = false
authentication = "internal_hashed"
storage = "internal"
storage_archive_item_limit = 10000000
component_ports = { 5347 }
component_interfaces = { "*" }

VirtualHost "localhost"

Component "matrix.hub.localhost"
  component_secret = "change-me"

-- Telephone numbers: +8613800138000@tel.hub.localhost
Component "tel.hub.localhost"
  component_secret = "change-me"
  modules_enabled = { "hutong_link" }

-- Where the certifier writes from
Component "certify.hub.localhost"
  component_secret = "change-me"
  modules_enabled = { "hutong_link" }
