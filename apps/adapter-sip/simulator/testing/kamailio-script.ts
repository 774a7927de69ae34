/** Kamailio as the server of a domain: registrar, presence server, and a proxy that stays between for what belongs to a dialog. */
export interface ServerScript {
  domain: string;
  /** Of every user. */
  password: string;
  /** `MD5`, if absent. */
  algorithm?: 'MD5' | 'SHA-256';
  /** Routes that come after the login and before the delivery to a registered phone, in Kamailio's language. */
  onMessage?: string;
  /** What is for this domain and those below it goes there, through the proxy, which stays in between. */
  elsewhere?: { domain: string; port: number };
}

export function serverScript({
  domain,
  password,
  algorithm = 'MD5',
  onMessage = '',
  elsewhere,
}: ServerScript): string {
  return `
alias="${domain}"

loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "xlog.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
loadmodule "presence.so"
loadmodule "presence_xml.so"
modparam("usrloc", "db_mode", 0)
modparam("auth", "qop", "auth")
modparam("auth", "algorithm", "${algorithm}")
modparam("presence", "subs_db_mode", 0)
modparam("presence", "publ_cache", 2)
modparam("presence", "send_fast_notify", 1)
modparam("presence_xml", "force_active", 1)

request_route {
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (is_method("OPTIONS") && uri==myself) { sl_send_reply("200", "OK"); exit; }
  if (has_totag() && loose_route()) {
    if (uri!=myself) { t_relay(); exit; }
  }
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  if (is_method("ACK")) { t_check_trans(); exit; }
  # What is for the server itself is let in by 401, what it hands on by 407.
  if (is_method("REGISTER|PUBLISH|SUBSCRIBE")) {
    if (!pv_www_authenticate("${domain}", "${password}", "0")) { www_challenge("${domain}", "1"); exit; }
  } else {
    if (!pv_proxy_authenticate("${domain}", "${password}", "0")) { proxy_challenge("${domain}", "1"); exit; }
  }
  consume_credentials();
  if (is_method("REGISTER")) { save("location"); exit; }
  ${elsewhere ? passedOn(elsewhere) : ''}
  if (is_method("PUBLISH")) { t_newtran(); handle_publish(); t_release(); exit; }
  if (is_method("SUBSCRIBE")) { t_newtran(); handle_subscribe(); t_release(); exit; }
  if (!is_method("MESSAGE|INVITE")) { sl_send_reply("405", "Method Not Allowed"); exit; }
  record_route();
  ${onMessage}
  if (!lookup("location")) { sl_send_reply("480", "Temporarily Unavailable"); exit; }
  t_relay();
}
`;
}

function passedOn({ domain, port }: NonNullable<ServerScript['elsewhere']>): string {
  const pattern = `(^|\\.)${domain.replaceAll('.', '\\.')}$`;
  return `if ($rd =~ "${pattern}") { record_route(); $du = "sip:127.0.0.1:${port}"; t_relay(); exit; }`;
}
