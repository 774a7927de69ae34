/**
 * Ed25519 signatures of the bot API: QQ signs each callback, and we sign its check of our address, both with one key made from
 * the AppSecret. Source: bot.q.qq.com, "签名校验", 2025-04.
 */
import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { HubError } from '#protocol';
import { headerOf, jsonRefusal, readCallback, type Edge } from '#adapter-webhook';

const SEED_BYTES = 32;
/** PKCS #8 of an Ed25519 key, before its seed (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SIGNATURE = /^[0-9a-f]{128}$/i;
const TIME = /^\d{1,20}$/;
/** Within 300 s: a callback that was recorded long ago is refused; a younger one has the same ids. */
const MOST_AGE_S = 300;

export interface BotKey {
  private: KeyObject;
  public: KeyObject;
}

export function keyOf(secret: string): BotKey {
  const bytes = Buffer.from(secret);
  const seed = Buffer.alloc(SEED_BYTES);
  // The secret, repeated until it fills the seed.
  for (let at = 0; at < SEED_BYTES; at++) seed[at] = bytes[at % bytes.length] ?? 0;
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  return { private: key, public: createPublicKey(key) };
}

export function signText(key: BotKey, text: string): string {
  return sign(null, Buffer.from(text), key.private).toString('hex');
}

export function isSigned(key: BotKey, signature: string, time: string, body: Buffer): boolean {
  return verify(null, Buffer.concat([Buffer.from(time), body]), key.public, Buffer.from(signature, 'hex'));
}

/** @param now ms */
export function signedEdge(key: BotKey | undefined, now: () => number = Date.now): Edge<unknown> {
  return {
    maxBody: 1024 * 1024,
    form(request) {
      const time = headerOf(request, 'x-signature-timestamp');
      if (!key) throw new HubError('31', 'this adapter takes no callbacks of the bot API');
      if (!SIGNATURE.test(headerOf(request, 'x-signature-ed25519')) || !TIME.test(time))
        throw new HubError('31', 'no signature');
      if (Math.abs(now() / 1000 - Number(time)) > MOST_AGE_S) throw new HubError('31', 'an old signature');
    },
    proof(request, body) {
      const signature = headerOf(request, 'x-signature-ed25519');
      if (!key || !isSigned(key, signature, headerOf(request, 'x-signature-timestamp'), body))
        throw new HubError('31', 'the callback has a wrong signature');
    },
    parse: (body) => readCallback(body, { depth: 16, values: 20_000 }),
    refusal: jsonRefusal,
  };
}
