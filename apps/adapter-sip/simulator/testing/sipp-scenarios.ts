/** What SIPp plays, in its XML. Fields of the rows: [field0] who writes, [field1] the address to which, [field2] the words. */

/** Headers of a request of the person in [field0]; the domain is the key `domain`. */
function request(
  method: string,
  uri: string,
  to: string,
  cseq: number,
  more: readonly string[],
  body = '',
): string {
  const lines = [
    `${method} ${uri} SIP/2.0`,
    'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]',
    'Max-Forwards: 70',
    'From: <sip:[field0]@[domain]>;tag=[pid]f[call_number]',
    `To: <${to}>`,
    'Call-ID: [call_id]',
    `CSeq: ${cseq} ${method}`,
    ...more,
    'Content-Length: [len]',
    '',
    body,
  ];
  // What stands before the end is sent, line ends too.
  return `<send retrans="500"><![CDATA[\n${lines.join('\n')}${body === '' ? '\n' : ''}]]></send>`;
}

function scenario(name: string, ...steps: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="${name}">\n${steps.join('\n')}\n</scenario>\n`;
}

const CONTACT = ['Contact: <sip:[field0]@[local_ip]:[local_port];transport=[transport]>', 'Expires: 600'];
const TEXT = ['Content-Type: text/plain;charset=UTF-8'];

/** Each call is one registration, with a digest. */
export function registers(): string {
  const uri = 'sip:[domain]';
  const to = 'sip:[field0]@[domain]';
  return scenario(
    'REGISTER',
    request('REGISTER', uri, to, 1, CONTACT),
    '<recv response="401" auth="true"/>',
    request('REGISTER', uri, to, 2, [...CONTACT, '[authentication]']),
    '<recv response="200"/>',
  );
}

/**
 * Each call is one message.
 * @param challenge the status with which the server asks for a digest, if it does
 * @param accepted the status with which it takes the message
 */
export function writes(accepted: number, challenge?: 401 | 407): string {
  const uri = '[field1]';
  const message = (cseq: number, more: readonly string[]) =>
    request('MESSAGE', uri, uri, cseq, [...more, ...TEXT], '[field2]');
  const login = [
    message(1, []),
    '<recv response="100" optional="true"/>',
    // A connection whose phone is known is not asked again.
    `<recv response="${accepted}" optional="true" next="end"/>`,
    `<recv response="${challenge}" auth="true"/>`,
    message(2, ['[authentication]']),
  ];
  return scenario(
    'MESSAGE',
    ...(challenge === undefined ? [message(1, [])] : login),
    '<recv response="100" optional="true"/>',
    `<recv response="${accepted}"/>`,
    '<label id="end"/>',
  );
}

function answer(status: string, ...more: readonly string[]): string {
  const lines = [
    `SIP/2.0 ${status}`,
    '[last_Via:]',
    '[last_From:]',
    '[last_To:];tag=[pid]t[call_number]',
    '[last_Call-ID:]',
    '[last_CSeq:]',
    ...more,
    'Content-Length: 0',
  ];
  return `<send><![CDATA[\n${lines.join('\n')}\n\n]]></send>`;
}

/** Each call is one message that comes, whose body has this form. It is logged. */
export function takes(body: string, status = '200 OK'): string {
  return scenario(
    'MESSAGE comes',
    `<recv request="MESSAGE"><action>
      <ereg regexp="${body}" search_in="body" check_it="true" assign_to="body"/>
      <log message="[$body]"/>
    </action></recv>`,
    answer(status),
  );
}

export interface Login {
  user: string;
  password: string;
}

/** Each call is one request of somebody who knows the password; others are told 403. @param asks the digest is asked for first */
export function letsIn(
  method: string,
  { user, password }: Login,
  asks: boolean,
  more: readonly string[],
): string {
  const challenge = 'WWW-Authenticate: Digest realm="sipp", nonce="47364c23432d2e131a5fb210812c", qop="auth"';
  return scenario(
    `${method} with a digest`,
    ...(asks ? [`<recv request="${method}"/>`, answer('401 Unauthorized', challenge)] : []),
    `<recv request="${method}"><action>
      <verifyauth assign_to="right" username="${user}" password="${password}"/>
    </action></recv>`,
    '<nop test="right" next="right"/>',
    answer('403 Forbidden'),
    '<nop next="end"/>',
    '<label id="right"/>',
    answer('200 OK', ...more),
    '<label id="end"/>',
  );
}
