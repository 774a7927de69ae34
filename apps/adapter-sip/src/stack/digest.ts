/** Digest authentication (RFC 3261 §22, RFC 7616, RFC 8760), pure: what both sides compute and write. */
import { createHash } from 'node:crypto';
import { parseParams, quoted } from './sip-uri.js';

export const ALGORITHMS = ['SHA-256', 'MD5'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

export interface DigestInput {
  algorithm: Algorithm;
  user: string;
  realm: string;
  password: string;
  method: string;
  uri: string;
  nonce: string;
  /** Absent: without `qop`, as RFC 2069 computes. */
  counted?: { nc: string; cnonce: string; qop: 'auth' };
}

export function digestOf(input: DigestInput): string {
  const hash = (text: string) =>
    createHash(input.algorithm === 'MD5' ? 'md5' : 'sha256')
      .update(text)
      .digest('hex');
  const secret = hash(`${input.user}:${input.realm}:${input.password}`);
  const request = hash(`${input.method}:${input.uri}`);
  const { counted } = input;
  const middle = counted ? `${input.nonce}:${counted.nc}:${counted.cnonce}:${counted.qop}` : input.nonce;
  return hash(`${secret}:${middle}:${request}`);
}

export interface Credentials {
  user: string;
  realm: string;
  nonce: string;
  uri: string;
  response: string;
  algorithm: Algorithm;
  counted: DigestInput['counted'];
}

/** @returns undefined: no digest, or of an algorithm that we do not compute */
export function parseCredentials(header: string): Credentials | undefined {
  const fields = digestFields(header);
  const algorithm = algorithmIn(fields);
  if (!fields || !algorithm) return undefined;
  const of = (name: string) => fields.get(name) ?? '';
  const isCounted = of('qop').toLowerCase() === 'auth';
  if (of('username') === '' || of('nonce') === '' || of('response') === '') return undefined;
  if (isCounted && !(/^[0-9a-f]{8}$/i.test(of('nc')) && of('cnonce') !== '')) return undefined;
  return {
    user: of('username'),
    realm: of('realm'),
    nonce: of('nonce'),
    uri: of('uri'),
    response: of('response').toLowerCase(),
    algorithm,
    counted: isCounted ? { nc: of('nc'), cnonce: of('cnonce'), qop: 'auth' } : undefined,
  };
}

export interface Challenge {
  realm: string;
  nonce: string;
  algorithm: Algorithm;
  opaque: string | undefined;
  offersAuth: boolean;
  stale: boolean;
}

export function parseChallenge(header: string): Challenge | undefined {
  const fields = digestFields(header);
  const algorithm = algorithmIn(fields);
  if (!fields || !algorithm) return undefined;
  return {
    realm: fields.get('realm') ?? '',
    nonce: fields.get('nonce') ?? '',
    algorithm,
    opaque: fields.get('opaque'),
    offersAuth: (fields.get('qop') ?? '').split(',').some((qop) => qop.trim().toLowerCase() === 'auth'),
    stale: fields.get('stale')?.toLowerCase() === 'true',
  };
}

export function printChallenge(realm: string, nonce: string, algorithm: Algorithm, stale: boolean): string {
  const flag = stale ? ', stale=true' : '';
  return `Digest realm=${quoted(realm)}, nonce="${nonce}", algorithm=${algorithm}, qop="auth"${flag}`;
}

/** The Authorization that answers a challenge. */
export function printCredentials(
  challenge: Challenge,
  of: { user: string; password: string; method: string; uri: string },
  { nc, cnonce }: { nc: number; cnonce: string },
): string {
  const { realm, nonce, algorithm, opaque } = challenge;
  const counted = { nc: nc.toString(16).padStart(8, '0'), cnonce, qop: 'auth' as const };
  const response = digestOf({ algorithm, realm, nonce, ...of, ...(challenge.offersAuth ? { counted } : {}) });
  const fields = [
    `username=${quoted(of.user)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(of.uri)}`,
    `response="${response}"`,
    `algorithm=${algorithm}`,
    ...(challenge.offersAuth ? [`qop=auth, nc=${counted.nc}, cnonce="${cnonce}"`] : []),
    ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
  ];
  return `Digest ${fields.join(', ')}`;
}

function digestFields(header: string): ReadonlyMap<string, string> | undefined {
  const [, fields] = /^Digest\s+(.+)$/is.exec(header.trim()) ?? [];
  return fields === undefined ? undefined : parseParams(semicolons(fields));
}

/** The fields of a digest are separated by commas; a quoted value may have some as well. */
function semicolons(fields: string): string {
  return fields.replace(/"(?:\\.|[^"\\])*"|,/g, (found) => (found === ',' ? ';' : found));
}

function algorithmIn(fields: ReadonlyMap<string, string> | undefined): Algorithm | undefined {
  const named = (fields?.get('algorithm') ?? 'MD5').toUpperCase();
  return ALGORITHMS.find((algorithm) => algorithm === named);
}
