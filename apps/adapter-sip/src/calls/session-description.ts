/**
 * Session descriptions (RFC 8866) that cross: read from a request, and checked, whoever made them. Pure. The addresses in them
 * are where a phone is asked to send its sound, so only single hosts given by their number are let through: no names, which it
 * would look up, and no groups of hosts.
 */
import { isIPv4, isIPv6 } from 'node:net';
import type { CallMedia } from '#protocol';
import { header, type SipMessage } from '../stack/sip-message.js';

export const SDP_TYPE = 'application/sdp';
const MOST_CHARS = 16_000;
const MOST_LINES = 400;

export interface Described {
  session: string;
  media: CallMedia;
}

/** @returns undefined: no session description, or one that is not let through */
export function readSession(message: SipMessage): Described | undefined {
  const [type = ''] = (header(message, 'content-type') ?? '').split(';');
  if (type.trim().toLowerCase() !== SDP_TYPE || header(message, 'content-encoding') !== undefined)
    return undefined;
  return checkedSession(message.body.toString('utf8'));
}

export function checkedSession(text: string): Described | undefined {
  if (text.length > MOST_CHARS) return undefined;
  const lines = linesOf(text).filter(namesHostsOnly);
  if (lines.length > MOST_LINES || lines[0] !== 'v=0') return undefined;
  // Other control characters could mean something to a phone.
  if (!lines.every((line) => /^[a-z]=[^\p{Cc}]*$/u.test(line.replaceAll('\t', ' ')))) return undefined;
  if (lines.filter((line) => line.startsWith('o=')).length !== 1) return undefined;
  if (!lines.every((line) => !line.startsWith('c=') || isOneHost(line))) return undefined;
  const sections = sectionsOf(lines);
  if (!sections || sections.every(({ port }) => port === 0)) return undefined;
  const hasVideo = sections.some(({ kind, port }) => kind === 'video' && port > 0);
  return { session: joined(lines), media: hasVideo ? 'video' : 'voice' };
}

/**
 * The answer to an offer within a call, such as hold and resume: what this side was told before, in the directions that fit.
 * @param theirs what this side described before @param ours what it was told @param later which answer this is: its version is that much higher than that of `ours`
 * @returns undefined: the offer wants something else, such as another address
 */
export function answerWithin(offer: string, theirs: string, ours: string, later: number): string | undefined {
  const [asked, before] = [sectionsOf(linesOf(offer)), sectionsOf(linesOf(theirs))];
  const told = sectionsOf(linesOf(ours));
  if (!asked || !before || !told || asked.length !== before.length || asked.length !== told.length)
    return undefined;
  const answers = told.map((section, at): Section | undefined => {
    const [want, had] = [asked[at], before[at]];
    if (!want || !had || want.kind !== section.kind || want.protocol !== section.protocol) return undefined;
    if (want.port === 0) return { ...section, port: 0 };
    const isSamePlace = want.port === had.port && (want.host === had.host || isHold(want.host));
    const formats = section.formats.filter((format) => want.formats.includes(format));
    if (!isSamePlace || formats.length === 0) return undefined;
    return { ...section, formats, lines: turned(section.lines, isHold(want.host) ? 'sendonly' : want.way) };
  });
  if (!answers.every((one) => one !== undefined)) return undefined;
  const head = linesOf(ours).slice(0, linesOf(ours).findIndex(isMedia));
  const origin = head.map((line) => (line.startsWith('o=') ? withVersion(line, later) : line));
  return joined([...origin.filter((line) => !isDirection(line)), ...answers.flatMap(printed)]);
}

type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

export interface Section {
  kind: string;
  port: number;
  protocol: string;
  formats: string[];
  host: string;
  way: Direction;
  /** After the line `m=`. */
  lines: string[];
}

const MEDIA = /^m=([a-z]{1,20}) (\d{1,5})(?:\/1)? ([\w/-]{1,40})((?: [\w.+*/-]{1,40}){1,60})$/i;
const OPPOSITE: Record<Direction, Direction> = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
};

/** @returns undefined: a section that is none, or without an address */
export function sectionsOf(lines: readonly string[]): Section[] | undefined {
  const first = lines.findIndex(isMedia);
  if (first < 0) return undefined;
  const head = lines.slice(0, first);
  const common = { host: hostIn(head), way: directionIn(head) ?? 'sendrecv' };
  const sections: Section[] = [];
  for (const line of lines.slice(first)) {
    if (!isMedia(line)) {
      sections.at(-1)?.lines.push(line);
      continue;
    }
    const [, kind, port, protocol, formats] = MEDIA.exec(line) ?? [];
    if (kind === undefined || protocol === undefined || Number(port) > 65_535) return undefined;
    const known = { kind, protocol, formats: (formats ?? '').trim().split(' ') };
    sections.push({ ...known, port: Number(port), host: '', way: common.way, lines: [] });
  }
  for (const section of sections) {
    section.host = hostIn(section.lines) || common.host;
    section.way = directionIn(section.lines) ?? common.way;
    if (section.host === '' && section.port !== 0) return undefined;
  }
  return sections;
}

export function printed({ kind, port, protocol, formats, lines }: Section): string[] {
  return [`m=${kind} ${port} ${protocol} ${formats.join(' ')}`, ...lines];
}

function turned(lines: readonly string[], way: Direction): string[] {
  return [...lines.filter((line) => !isDirection(line)), `a=${OPPOSITE[way]}`];
}

export function isMedia(line: string): boolean {
  return line.startsWith('m=');
}

function isDirection(line: string): boolean {
  return /^a=(sendrecv|sendonly|recvonly|inactive)$/.test(line);
}

function directionIn(lines: readonly string[]): Direction | undefined {
  return lines.find(isDirection)?.slice(2) as Direction | undefined;
}

function hostIn(lines: readonly string[]): string {
  return lines.find((line) => line.startsWith('c='))?.split(' ')[2] ?? '';
}

/** RFC 2543: nobody is to send to this side. */
function isHold(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

function isOneHost(line: string): boolean {
  const [, family, host = ''] = /^c=IN (IP4|IP6) (\S+)$/.exec(line) ?? [];
  return isHost(host) && isIPv4(host) === (family === 'IP4');
}

function isHost(host = ''): boolean {
  if (isIPv4(host)) return isHold(host) || !/^(0|22[4-9]|23\d|2[4-5]\d)\./.test(host);
  return isIPv6(host) && !/^ff/i.test(host);
}

/**
 * Places besides that of the sound, to which a phone sends reports and checks: RTCP (RFC 3605) and the candidates of ICE (RFC 8839).
 * A line with another place is left out, because the call does without it.
 */
function namesHostsOnly(line: string): boolean {
  const colon = line.indexOf(':');
  const words = line.slice(colon + 1).split(' ');
  switch (line.slice(0, colon)) {
    case 'a=rtcp':
      return words.length === 1 || isOneHost(`c=${words.slice(1).join(' ')}`);
    case 'a=candidate': {
      const related = words.indexOf('raddr');
      return isHost(words[4]) && (related < 0 || isHost(words[related + 1]));
    }
    case 'a=remote-candidates':
      return words.every((word, at) => at % 3 !== 1 || isHost(word));
    default:
      return true;
  }
}

/** RFC 3264 §8: the version of a description rises, and the rest of its origin stays. A version that is no number becomes one. */
export function withVersion(origin: string, later: number): string {
  const [user, id, version = '', ...place] = origin.split(' ');
  const before = /^\d{1,20}$/.test(version) ? BigInt(version) : 0n;
  return [user, id, before + BigInt(later), ...place].join(' ');
}

export function linesOf(session: string): string[] {
  return session.split(/\r\n|\n|\r/).filter((line) => line !== '');
}

export function joined(lines: readonly string[]): string {
  return `${lines.join('\r\n')}\r\n`;
}
