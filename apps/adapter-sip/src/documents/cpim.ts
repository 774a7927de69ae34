/** CPIM (RFC 3862): a message with headers of its own, which survive every hop. Read and written; pure. */

export interface CpimMessage {
  /** Names as `imdn.message-id`, in lower case, namespaces by their usual prefix; From, To, DateTime as they are. */
  headers: ReadonlyMap<string, string>;
  contentType: string;
  body: string;
}

const IMDN_NAMESPACE = 'urn:ietf:params:imdn';
const MOST_LINES = 100;

/** @returns undefined: not CPIM */
export function readCpim(text: string): CpimMessage | undefined {
  const [outer, rest] = cutAtEmptyLine(text);
  const [inner, body] = cutAtEmptyLine(rest ?? '');
  if (rest === undefined || body === undefined) return undefined;
  const prefixes = new Map<string, string>();
  const headers = new Map<string, string>();
  for (const [name, value] of fieldsOf(outer)) {
    const [, prefix = '', uri] = name === 'ns' ? (/^(?:([\w-]+)\s+)?<([^>]+)>$/.exec(value) ?? []) : [];
    if (uri !== undefined) prefixes.set(prefix.toLowerCase(), uri);
    else headers.set(withUsualPrefix(name, prefixes), value);
  }
  const contentType = fieldsOf(inner).find(([name]) => name === 'content-type')?.[1];
  if (contentType === undefined) return undefined;
  return { headers, contentType, body };
}

export function printCpim(
  headers: readonly (readonly [string, string])[],
  contentType: string,
  body: string,
): string {
  const lines = headers.map(([name, value]) => `${name}: ${value.replace(/[\r\n]+/g, ' ')}`);
  return [...lines, '', `Content-Type: ${contentType}`, '', body].join('\r\n');
}

export const IMDN_HEADER = ['NS', `imdn <${IMDN_NAMESPACE}>`] as const;

/** A sender may call the namespace of IMDN as it likes (RFC 3862 §3.4). */
function withUsualPrefix(name: string, prefixes: ReadonlyMap<string, string>): string {
  const [prefix = '', local] = name.split('.', 2);
  return local !== undefined && prefixes.get(prefix) === IMDN_NAMESPACE ? `imdn.${local}` : name;
}

/** Some senders write bare line feeds. */
function cutAtEmptyLine(text: string): [string, string | undefined] {
  const found = /^\r?\n|\r?\n\r?\n/.exec(text);
  if (!found) return [text, undefined];
  return [text.slice(0, found.index), text.slice(found.index + found[0].length)];
}

function fieldsOf(block: string): [string, string][] {
  return block
    .split(/\r?\n/, MOST_LINES)
    .map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, Math.max(colon, 0)).trim().toLowerCase(), line.slice(colon + 1).trim()];
    })
    .filter(([name]) => name !== '');
}
