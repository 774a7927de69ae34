/** Answers to a challenge (RFC 3261 §22, RFC 7616, RFC 8760). */
import { createHash, randomBytes } from 'node:crypto';
import { headersOf, type SipResponse } from './sip-message.js';

const HASHES = { md5: 'md5', 'sha-256': 'sha256' } as const;
type Algorithm = keyof typeof HASHES;

export interface Challenge {
  /** The header in which the answer is sent. */
  answerIn: 'Authorization' | 'Proxy-Authorization';
  realm: string;
  nonce: string;
  opaque: string | undefined;
  /** As the server spells it; undefined: it does not say. */
  algorithm: string | undefined;
  qop: boolean;
  stale: boolean;
}

/** The first challenge that the phone can answer: servers name the best one first (RFC 8760 §2.4). */
export function challengeIn(response: SipResponse, algorithms: readonly Algorithm[]): Challenge | undefined {
  const proxy = response.status === 407;
  const answerIn = proxy ? 'Proxy-Authorization' : 'Authorization';
  for (const value of headersOf(response, proxy ? 'proxy-authenticate' : 'www-authenticate')) {
    const fields = fieldsIn(value);
    const algorithm = (fields['algorithm'] ?? 'MD5').toLowerCase();
    const { realm, nonce, opaque, qop } = fields;
    if (!algorithms.some((one) => one === algorithm) || realm === undefined || nonce === undefined) continue;
    const qops = qop?.split(',').map((one) => one.trim().toLowerCase());
    if (qops && !qops.includes('auth')) continue;
    const stale = fields['stale']?.toLowerCase() === 'true';
    const spelled = fields['algorithm'];
    return { answerIn, realm, nonce, opaque, algorithm: spelled, qop: qops !== undefined, stale };
  }
  return undefined;
}

export interface Login {
  user: string;
  password: string;
}

/** @param count how often this nonce has been used, from 1 */
export function answerTo(
  challenge: Challenge,
  { user, password }: Login,
  request: { method: string; uri: string },
  count: number,
  cnonce = randomBytes(8).toString('hex'),
): string {
  const { realm, nonce, opaque, algorithm, qop } = challenge;
  const hash = HASHES[(algorithm ?? 'MD5').toLowerCase() as Algorithm];
  const digest = (...words: string[]) => createHash(hash).update(words.join(':')).digest('hex');
  const nc = count.toString(16).padStart(8, '0');
  const secret = digest(user, realm, password);
  const asked = digest(request.method, request.uri);
  const response = qop ? digest(secret, nonce, nc, cnonce, 'auth', asked) : digest(secret, nonce, asked);
  const quoted = Object.entries({ username: user, realm, nonce, uri: request.uri, response })
    .map(([name, value]) => `${name}="${value.replace(/["\\]/g, '\\$&')}"`)
    .join(', ');
  return [
    `Digest ${quoted}`,
    ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
    ...(opaque === undefined ? [] : [`opaque="${opaque}"`]),
    ...(qop ? [`qop=auth, nc=${nc}, cnonce="${cnonce}"`] : []),
  ].join(', ');
}

function fieldsIn(value: string): Record<string, string> {
  const fields: Record<string, string> = {};
  if (!/^Digest\s/i.test(value)) return fields;
  for (const [, name, quoted, plain] of value
    .replace(/^Digest\s+/i, '')
    .matchAll(/([a-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^,\s]+))/gi))
    if (name !== undefined) fields[name.toLowerCase()] = quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '';
  return fields;
}

export type { Algorithm };
