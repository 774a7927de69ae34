/**
 * Descriptions for an end of a call whose other end is not there yet (RFC 3725 §4): its offer is answered with a hold, and when the
 * other end is there, it is offered that end's description as the next version of the same session. Pure.
 */
import { isMedia, joined, linesOf, printed, sectionsOf, withVersion } from './session-description.js';

/** Where nobody listens: the address that says so, and the port "discard". */
const NOWHERE = { host: '0.0.0.0', port: 9 };

/**
 * Holds plain RTP. What is encrypted is refused for now: a hold of it would need keys of the other end.
 * @returns undefined: nothing of it can be held
 */
export function heldAnswer(offer: string): string | undefined {
  const sections = sectionsOf(linesOf(offer));
  const isPlain = (protocol: string) => /^RTP\/AVPF?$/.test(protocol);
  if (!sections?.some(({ port, protocol }) => port !== 0 && isPlain(protocol))) return undefined;
  const answers = sections.map(({ port, lines, ...section }) =>
    port !== 0 && isPlain(section.protocol)
      ? { ...section, port: NOWHERE.port, lines: [...lines.filter(isFormat), 'a=inactive'] }
      : { ...section, port: 0, lines: [] },
  );
  const head = ['v=0', `o=- 1 1 IN IP4 ${NOWHERE.host}`, 's=-', `c=IN IP4 ${NOWHERE.host}`, 't=0 0'];
  return joined([...head, ...answers.flatMap(printed)]);
}

/** @param session of the other end @param before what this end was told until now @param later how much the version rises */
export function nextVersion(session: string, before: string, later: number): string {
  const origin = linesOf(before).find(isOrigin) ?? 'o=- 1 1 IN IP4 0.0.0.0';
  return joined(linesOf(session).map((line) => (isOrigin(line) ? withVersion(origin, later) : line)));
}

/** Whether the sound of this end still arrives where it did: only then the other end reaches it. */
export function isSamePlace(one: string, other: string): boolean {
  const [before, after] = [sectionsOf(linesOf(one)), sectionsOf(linesOf(other))];
  if (!before || !after || before.length !== after.length) return false;
  return after.every(({ port, host }, at) => {
    const had = before[at];
    return port === 0 || (port === had?.port && host === had.host);
  });
}

function isFormat(line: string): boolean {
  return !isMedia(line) && /^a=(rtpmap|fmtp|ptime):/.test(line);
}

function isOrigin(line: string): boolean {
  return line.startsWith('o=');
}
