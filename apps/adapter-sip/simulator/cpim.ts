/** Message/CPIM (RFC 3862): headers of the message, then headers of its content, then the content. */
import type { Header } from './sip-message.js';

export interface Cpim {
  /** `NS` prefixes are replaced: a header of IMDN is named `imdn.Message-ID` whatever prefix was chosen. */
  headers: readonly Header[];
  contentType: string;
  content: Buffer;
}

const IMDN = 'urn:ietf:params:imdn';

/** @returns undefined for what is no CPIM */
export function readCpim(body: Buffer): Cpim | undefined {
  // COMPAT(several, any): bare line feeds, which CPIM does not allow.
  const text = body.toString('utf8').replace(/\r\n/g, '\n');
  const [head, inner, ...content] = text.split('\n\n');
  if (head === undefined || inner === undefined) return undefined;
  const headers = linesOf(head);
  const prefix = headers
    .filter(([name]) => name.toLowerCase() === 'ns')
    .map(([, value]) => /^(\S*)\s*<(.*)>$/.exec(value))
    .find((match) => match?.[2] === IMDN)?.[1];
  const named = headers.map(([name, value]): Header => {
    const own = prefix !== undefined && name.startsWith(`${prefix}.`);
    return own ? [`imdn.${name.slice(prefix.length + 1)}`, value] : [name, value];
  });
  const type = linesOf(inner).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  // The content keeps its line ends.
  const start = contentStart(body);
  if (start === undefined) return undefined;
  return {
    headers: named,
    contentType: type ?? 'text/plain',
    content: content.length ? body.subarray(start) : Buffer.alloc(0),
  };
}

export function cpimHeader({ headers }: Cpim, wanted: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === wanted.toLowerCase())?.[1];
}

export interface CpimToWrite {
  from: string;
  to: string;
  at: Date;
  messageId: string;
  /** What the sender wants to hear of. */
  notify?: string;
  contentType: string;
  disposition?: 'notification';
  content: Buffer;
}

export function writeCpim(message: CpimToWrite): Buffer {
  const { from, to, at, messageId, notify, contentType, disposition, content } = message;
  const headers = [
    `From: <${from}>`,
    `To: <${to}>`,
    `DateTime: ${at.toISOString()}`,
    `NS: imdn <${IMDN}>`,
    `imdn.Message-ID: ${messageId}`,
    ...(notify === undefined ? [] : [`imdn.Disposition-Notification: ${notify}`]),
    '',
    `Content-type: ${contentType}`,
    ...(disposition ? [`Content-Disposition: ${disposition}`] : []),
    `Content-length: ${content.length}`,
    '',
    '',
  ];
  return Buffer.concat([Buffer.from(headers.join('\r\n')), content]);
}

function contentStart(body: Buffer): number | undefined {
  let at = 0;
  for (let blocks = 0; blocks < 2; blocks++) {
    const windows = body.indexOf('\r\n\r\n', at);
    const unix = body.indexOf('\n\n', at);
    if (windows < 0 && unix < 0) return undefined;
    at = windows >= 0 && (unix < 0 || windows < unix) ? windows + 4 : unix + 2;
  }
  return at;
}

function linesOf(block: string): Header[] {
  return block.split('\n').flatMap((line): Header[] => {
    const colon = line.indexOf(':');
    return colon < 1 ? [] : [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()]];
  });
}
