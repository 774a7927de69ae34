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

/** Where SIPp would hear sound. */
const SOUND = [
  'v=0',
  'o=sipp 1 1 IN IP[local_ip_type] [local_ip]',
  's=-',
  'c=IN IP[media_ip_type] [media_ip]',
  't=0 0',
  'm=audio [media_port] RTP/AVP 0',
  'a=rtpmap:0 PCMU/8000',
].join('\n');
const SDP = 'Content-Type: application/sdp';
const SELF = 'Contact: <sip:[field0]@[local_ip]:[local_port];transport=[transport]>';

/** The caller invites [field1], and once more with its password. */
function invites(): readonly string[] {
  const invite = (cseq: number, more: readonly string[]) =>
    request('INVITE', '[field1]', '[field1]', cseq, [SELF, ...more, SDP], SOUND);
  return [
    invite(1, []),
    '<recv response="100" optional="true"/>',
    '<recv response="407" auth="true"/>',
    confirmation('[field1]', 1, 'To: <[field1]>[peer_tag_param]'),
    invite(2, ['[authentication]']),
    '<recv response="100" optional="true"/>',
  ];
}

/**
 * Each call calls [field1], is answered, and hangs up.
 * @param between more requests of the caller within the call
 */
export function calls(...between: readonly string[]): string {
  return scenario(
    'INVITE',
    ...invites(),
    '<recv response="180" optional="true"/>',
    '<recv response="200" rrs="true"/>',
    confirmation('[next_url]', 2, 'To: <[field1]>[peer_tag_param]', '[routes]'),
    ...between,
    inCall('BYE', 9),
    '<recv response="200"/>',
  );
}

/** Within a call of `calls`: the same offer again, as a phone sends it to hold the call. */
export function holds(): readonly string[] {
  return [
    inCall('INVITE', 3, [SELF, SDP], `${SOUND}\na=sendonly`),
    '<recv response="100" optional="true"/>',
    '<recv response="200"><action><ereg regexp="a=recvonly" search_in="msg" check_it="true" assign_to="held"/><log message="held [$held]"/></action></recv>',
    confirmation('[next_url]', 3, 'To: <[field1]>[peer_tag_param]', '[routes]'),
    // Another place for the sound is not agreed to, and the call goes on.
    inCall('INVITE', 4, [SELF, SDP], SOUND.replace('[media_port]', '9')),
    '<recv response="100" optional="true"/>',
    '<recv response="488"/>',
    confirmation('[next_url]', 4, 'To: <[field1]>[peer_tag_param]', '[routes]'),
  ];
}

/** Each call calls, and gives up when it rings. */
export function givesUp(): string {
  const cancel = [
    'CANCEL [field1] SIP/2.0',
    '[last_Via:]',
    'Max-Forwards: 70',
    'From: <sip:[field0]@[domain]>;tag=[pid]f[call_number]',
    'To: <[field1]>',
    'Call-ID: [call_id]',
    'CSeq: 2 CANCEL',
    'Content-Length: 0',
  ];
  return scenario(
    'CANCEL',
    ...invites(),
    '<recv response="180"/>',
    `<send retrans="500"><![CDATA[\n${cancel.join('\n')}\n\n]]></send>`,
    '<recv response="200"/>',
    '<recv response="487"/>',
    confirmation('[field1]', 2, 'To: <[field1]>[peer_tag_param]'),
  );
}

/** Each call is one that comes, with this in it: it rings, is accepted, and is hung up on by the other side. */
export function isCalled(contains = 'INVITE'): string {
  return scenario(
    'INVITE comes',
    `<recv request="INVITE" rrs="true"><action>
      <ereg regexp="${contains.replaceAll('<', '&lt;').replaceAll('>', '&gt;')}" search_in="msg" check_it="true" assign_to="seen"/>
      <log message="[$seen]"/>
    </action></recv>`,
    answer('180 Ringing', CALLED, '[last_Record-Route:]'),
    accepts(),
    '<recv request="ACK"/>',
    '<recv request="BYE"/>',
    answerWithin('200 OK'),
  );
}

/** Each call is one that comes and is accepted, whose person presses a key that goes as INFO, and that is hung up on. */
export function pressesByInfo(type: string, body: string): string {
  const info = [
    'INFO [next_url] SIP/2.0',
    'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]',
    'Max-Forwards: 70',
    // Who was called is now in From.
    'From: [$to]',
    'To: [$from]',
    'Call-ID: [call_id]',
    'CSeq: 1 INFO',
    `Content-Type: ${type}`,
    'Content-Length: [len]',
    '',
    body,
  ];
  return scenario(
    'INVITE comes, INFO',
    '<recv request="INVITE" rrs="true"/>',
    answer('180 Ringing', CALLED),
    accepts(),
    `<recv request="ACK"><action>${keep('From')}${keep('To')}</action></recv>`,
    `<send retrans="500"><![CDATA[\n${info.join('\n')}\n]]></send>`,
    '<recv response="200"/>',
    '<recv request="BYE"/>',
    answerWithin('200 OK'),
  );
}

/** Keeps a header of what came. */
function keep(name: string): string {
  return `<ereg regexp=".*" search_in="hdr" header="${name}:" assign_to="${name.toLowerCase()}"/>`;
}

/** Each call is one that comes, and is refused. @param status such as `486 Busy Here` */
export function isBusy(status: string): string {
  return scenario('INVITE is refused', '<recv request="INVITE"/>', answer(status), '<recv request="ACK"/>');
}

/** Each call calls [field1], and is refused with the promise to call back. */
export function calledBack(): string {
  return scenario(
    'INVITE, to be called back',
    ...invites(),
    '<recv response="480"/>',
    confirmation('[field1]', 2, 'To: <[field1]>[peer_tag_param]'),
  );
}

/** Each call is one that comes without an offer: it offers, is held, gets another offer, answers it, and hangs up. */
export function isCalledBack(): string {
  const bye = [
    'BYE [next_url] SIP/2.0',
    'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]',
    '[routes]',
    'Max-Forwards: 70',
    // Who was called is now in From.
    'From: [$to]',
    'To: [$from]',
    'Call-ID: [call_id]',
    'CSeq: 1 BYE',
    'Content-Length: 0',
  ];
  const seen = (regexp: string, name: string, log: string) =>
    `<ereg regexp="${regexp}" search_in="body" check_it="true" assign_to="${name}"/><log message="${log} [$${name}]"/>`;
  return scenario(
    'INVITE without an offer comes',
    '<recv request="INVITE" rrs="true"/>',
    answer('180 Ringing', CALLED),
    accepts(),
    `<recv request="ACK"><action>${seen('a=inactive', 'held', 'held')}</action></recv>`,
    `<recv request="INVITE" rrs="true"><action>${seen('m=audio [0-9]+', 'then', 'then')}${keep('From')}${keep('To')}</action></recv>`,
    acceptsAgain(),
    '<recv request="ACK"/>',
    `<send retrans="500"><![CDATA[\n${bye.join('\n')}\n\n]]></send>`,
    '<recv response="200"/>',
  );
}

const CALLED = 'Contact: <sip:[local_ip]:[local_port];transport=[transport]>';

/** Within a call: To has its tag already. */
function acceptsAgain(): string {
  return accepts().replace('[last_To:];tag=[pid]t[call_number]', '[last_To:]');
}

function accepts(): string {
  const lines = [
    'SIP/2.0 200 OK',
    '[last_Via:]',
    '[last_Record-Route:]',
    '[last_From:]',
    '[last_To:];tag=[pid]t[call_number]',
    '[last_Call-ID:]',
    '[last_CSeq:]',
    CALLED,
    SDP,
    'Content-Length: [len]',
    '',
    SOUND,
  ];
  return `<send retrans="500"><![CDATA[\n${lines.join('\n')}\n]]></send>`;
}

function answerWithin(status: string): string {
  const lines = [
    `SIP/2.0 ${status}`,
    '[last_Via:]',
    '[last_From:]',
    '[last_To:]',
    '[last_Call-ID:]',
    '[last_CSeq:]',
  ];
  return `<send><![CDATA[\n${[...lines, 'Content-Length: 0'].join('\n')}\n\n]]></send>`;
}

function inCall(method: string, cseq: number, more: readonly string[] = [], body = ''): string {
  const [start, ...lines] = request(
    method,
    '[next_url]',
    '[field1]',
    cseq,
    ['[routes]', ...more],
    body,
  ).split('\n');
  return [start, ...lines.map((line) => line.replace(/^To: (.*)$/, 'To: $1[peer_tag_param]'))].join('\n');
}

function confirmation(uri: string, cseq: number, to: string, ...more: readonly string[]): string {
  const lines = [
    `ACK ${uri} SIP/2.0`,
    cseq === 2 && uri === '[field1]'
      ? '[last_Via:]'
      : 'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]',
    ...more,
    'Max-Forwards: 70',
    'From: <sip:[field0]@[domain]>;tag=[pid]f[call_number]',
    to,
    'Call-ID: [call_id]',
    `CSeq: ${cseq} ACK`,
    'Content-Length: 0',
  ];
  return `<send><![CDATA[\n${lines.join('\n')}\n\n]]></send>`;
}
