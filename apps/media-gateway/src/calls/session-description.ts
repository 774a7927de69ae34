/**
 * Session descriptions (RFC 8866) of plain RTP. What a member sends is never given to Janus as it is: it is read, checked, and
 * written anew from what was understood. Pure.
 */
import ipaddr from 'ipaddr.js';

/** Why a session description is not used. The text is for the member that sent it. */
export class SessionRefused extends Error {
  override readonly name = 'SessionRefused';
}

export interface SessionRules {
  /** Media may go to addresses of this machine and of private networks. */
  privateAddresses: boolean;
}

const MOST_CHARACTERS = 16_000;
const MOST_LINES = 300;
const LONGEST_LINE = 1000;
const MOST_FORMATS = 64;
/** The RTCP port is the one after it. Below are the ports of services. */
const PORTS = { lowest: 1024, highest: 65_534 };

/** Codecs that browsers have, by their names in lower case. */
const CODECS: Record<Medium, ReadonlySet<string>> = {
  audio: new Set(['opus', 'pcmu', 'pcma', 'g722', 'telephone-event']),
  video: new Set(['vp8', 'h264']),
};
/** Payload types that need no `rtpmap` (RFC 3551). */
const STATIC: Readonly<Record<string, string>> = { 0: 'PCMU/8000', 8: 'PCMA/8000', 9: 'G722/8000' };
const DIRECTIONS = new Set(['sendrecv', 'sendonly', 'recvonly', 'inactive']);
const FEEDBACK = new Set(['nack', 'nack pli', 'ccm fir']);
const PUBLIC = new Set(['unicast']);
const PRIVATE = new Set(['unicast', 'private', 'loopback', 'linkLocal', 'carrierGradeNat']);

type Medium = 'audio' | 'video';

interface Section {
  medium: Medium;
  port: number;
  formats: string[];
  address: string | undefined;
  attributes: string[];
}

/**
 * @param as the address to write in place of the one that is read
 * @returns the same session, with only what NoSIP and browsers use
 * @throws SessionRefused
 */
export function plainSession(sdp: string, rules: SessionRules, as?: string): string {
  const lines = linesOf(sdp);
  const firstMedium = lines.findIndex((line) => line.startsWith('m='));
  const head = firstMedium < 0 ? lines : lines.slice(0, firstMedium);
  const sections = sectionsOf(firstMedium < 0 ? [] : lines.slice(firstMedium), rules);
  const common = addressOf(head, rules);
  checkMentioned(head, rules);
  const direction = head.map((line) => line.slice(2)).find((text) => DIRECTIONS.has(text));
  if (!sections.some(({ port }) => port !== 0)) throw new SessionRefused('no medium is offered');
  const written = sections.flatMap((section) => writtenAs(section, common, direction, as));
  const owner = as ?? sections.find(({ address }) => address !== undefined)?.address ?? common ?? '0.0.0.0';
  return [`v=0`, `o=- 1 1 IN IP4 ${owner}`, 's=-', 't=0 0', ...written, ''].join('\r\n');
}

/**
 * Checks what a browser sent, and leaves out its candidates: Janus would send checks to any address in them. It is public, so
 * that the browser reaches it, and then it knows where the browser is.
 * @throws SessionRefused
 */
export function browserSession(sdp: string): string {
  const lines = linesOf(sdp).filter((line) => !/^a=(?:candidate:|end-of-candidates)/.test(line));
  const media = lines.filter((line) => line.startsWith('m='));
  const kinds = media.map((line) => /^m=(audio|video) /.exec(line)?.[1]);
  if (kinds.length === 0 || kinds.includes(undefined) || new Set(kinds).size !== kinds.length)
    throw new SessionRefused('one audio and one video medium at most, and no other');
  return [...lines, ''].join('\r\n');
}

function linesOf(sdp: string): string[] {
  if (sdp.length > MOST_CHARACTERS) throw new SessionRefused('too long');
  const lines = sdp.split(/\r?\n/);
  while (lines.at(-1) === '') lines.pop();
  if (lines.length > MOST_LINES) throw new SessionRefused('too many lines');
  if (lines[0] !== 'v=0') throw new SessionRefused('not a session description');
  for (const line of lines)
    if (line.length > LONGEST_LINE || !/^[a-z]=[\u0020-\u007e\u00a0-\uffff]*$/.test(line))
      throw new SessionRefused('a line that is no line of a session description');
  return lines;
}

function sectionsOf(lines: string[], rules: SessionRules): Section[] {
  const starts = lines.flatMap((line, at) => (line.startsWith('m=') ? [at] : []));
  const sections = starts.map((start, at) => sectionOf(lines.slice(start, starts[at + 1]), rules));
  if (new Set(sections.map(({ medium }) => medium)).size !== sections.length)
    throw new SessionRefused('more than one medium of a kind');
  return sections;
}

function sectionOf([first = '', ...rest]: string[], rules: SessionRules): Section {
  const [kind = '', portText = '', protocol = '', ...formats] = first.slice(2).split(' ');
  if (kind !== 'audio' && kind !== 'video') throw new SessionRefused('a medium other than audio and video');
  if (!/^RTP\/AVPF?$/.test(protocol)) throw new SessionRefused('a protocol other than plain RTP');
  if (!/^\d{1,5}$/.test(portText)) throw new SessionRefused('a port that is no port');
  const port = Number(portText);
  if (port !== 0) checkPort(port);
  if (formats.length === 0 || formats.length > MOST_FORMATS || !formats.every(isPayloadType))
    throw new SessionRefused('payload types that are none');
  checkMentioned(rest, rules);
  const attributes = rest.filter((line) => line.startsWith('a=')).map((line) => line.slice(2));
  return { medium: kind, port, formats, address: addressOf(rest, rules), attributes };
}

function isPayloadType(text: string): boolean {
  return /^\d{1,3}$/.test(text) && Number(text) <= 127;
}

function checkPort(port: number): void {
  if (port < PORTS.lowest || port > PORTS.highest) throw new SessionRefused(`the port ${port}`);
}

/** Of the lines `c=`. NoSIP has IPv4 alone, and would look up a name. */
function addressOf(lines: string[], rules: SessionRules): string | undefined {
  const named = lines.filter((line) => line.startsWith('c=')).map((line) => line.slice(2));
  if (named.length > 1) throw new SessionRefused('more than one address');
  const [text] = named;
  if (text === undefined) return undefined;
  const address = /^IN IP4 (\S+)$/.exec(text)?.[1] ?? '';
  if (!ipaddr.IPv4.isValidFourPartDecimal(address)) throw new SessionRefused('an address other than IPv4');
  checkAddress(address, rules);
  return address;
}

/** Addresses that other lines name. They are not used, and tell of the intention. */
function checkMentioned(lines: string[], rules: SessionRules): void {
  for (const line of lines) {
    const rtcp = /^a=rtcp:(\d{1,5})(?: IN IP[46] (\S+))?$/.exec(line);
    if (rtcp) {
      checkPort(Number(rtcp[1]) || 0);
      if (rtcp[2] !== undefined) checkAddress(rtcp[2], rules);
    } else if (line.startsWith('a=rtcp:')) throw new SessionRefused('an RTCP address that is none');
    if (line.startsWith('a=candidate:')) checkAddress(line.split(' ')[4] ?? '', rules);
  }
}

function checkAddress(address: string, { privateAddresses }: SessionRules): void {
  const isAddress = ipaddr.IPv4.isValidFourPartDecimal(address) || ipaddr.IPv6.isValid(address);
  const range = isAddress ? ipaddr.process(address).range() : 'none';
  const allowed = privateAddresses ? new Set([...PRIVATE, 'uniqueLocal']) : PUBLIC;
  if (!allowed.has(range)) throw new SessionRefused(`the address ${address.slice(0, 60)}`);
}

function writtenAs(
  section: Section,
  common: string | undefined,
  direction: string | undefined,
  as: string | undefined,
): string[] {
  const { medium, port, formats } = section;
  if (port === 0) return [`m=${medium} 0 RTP/AVP ${formats[0] ?? '0'}`];
  const address = section.address ?? common;
  if (address === undefined) throw new SessionRefused('no address');
  const maps = mapsOf(section);
  if (maps.size === 0) throw new SessionRefused(`no codec for ${medium} that browsers have`);
  const own = section.attributes.find((text) => DIRECTIONS.has(text)) ?? direction ?? 'sendrecv';
  return [
    `m=${medium} ${port} RTP/AVP ${[...maps.keys()].join(' ')}`,
    `c=IN IP4 ${as ?? address}`,
    ...[...maps].map(([format, map]) => `a=rtpmap:${format} ${map}`),
    ...section.attributes.filter((text) => isKept(text, maps)).map((text) => `a=${text}`),
    `a=${own}`,
  ];
}

/** Payload types in their order, with the codecs that browsers have. */
function mapsOf({ medium, formats, attributes }: Section): Map<string, string> {
  const named = new Map<string, string>();
  for (const text of attributes) {
    const [, format, map] = /^rtpmap:(\d{1,3}) ([\w.-]{1,32}\/\d{1,6}(?:\/\d{1,2})?)$/.exec(text) ?? [];
    if (format !== undefined && map !== undefined) named.set(format, map);
  }
  const codec = (map: string) => map.split('/')[0]?.toLowerCase() ?? '';
  return new Map(
    formats.flatMap((format) => {
      const map = named.get(format) ?? STATIC[format];
      return map !== undefined && CODECS[medium].has(codec(map)) ? [[format, map] as const] : [];
    }),
  );
}

function isKept(text: string, maps: Map<string, string>): boolean {
  const [, parameters] = /^fmtp:(\d{1,3}) [\u0020-\u007e]{1,400}$/.exec(text) ?? [];
  if (parameters !== undefined) return maps.has(parameters);
  const [, format = '', feedback = ''] = /^rtcp-fb:(\d{1,3}|\*) (.+)$/.exec(text) ?? [];
  if (FEEDBACK.has(feedback)) return format === '*' || maps.has(format);
  return /^(?:max)?ptime:\d{1,3}$/.test(text);
}
