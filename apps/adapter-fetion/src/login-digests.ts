/** Cryptography of a Fetion login: the SSI digests and the SHA1-sess-v4 response. Pure, apart from the random AES key. */
import { constants, createHash, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto';
import { HubError } from '#protocol';

const DOMAIN = 'fetion.com.cn';

/** v4digest-type 1. */
export function digest1(password: string): string {
  return sha1(Buffer.from(`${DOMAIN}:${password}`)).toString('hex');
}

/** v4digest-type 2, and the secret that the SHA1-sess-v4 response proves: SHA-1 of the user id (32 bits, little endian) and digest1. */
export function digest2(userId: number, password: string): string {
  const id = Buffer.alloc(4);
  id.writeUInt32LE(userId >>> 0);
  return sha1(Buffer.concat([id, Buffer.from(digest1(password), 'hex')])).toString('hex');
}

export interface Challenge {
  nonce: string;
  modulus: string;
  exponent: string;
}

/** @param header value of `W`: Digest algorithm="SHA1-sess-v4",nonce="...",key="...",signature="..." */
export function readChallenge(header: string | undefined): Challenge {
  const field = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(header ?? '')?.[1] ?? '';
  const [nonce, key] = [field('nonce'), field('key')];
  if (
    field('algorithm') !== 'SHA1-sess-v4' ||
    !/^[0-9a-f]{262}$/i.test(key) ||
    !/^[\x21-\x7e]{1,64}$/.test(nonce)
  )
    throw new HubError('30', 'SIP-C: an invalid login challenge');
  return { nonce, modulus: key.slice(0, 256), exponent: key.slice(256) };
}

/** RSA-PKCS1-v1_5 of nonce, digest2 and a fresh AES key, as upper-case hex. */
export function answerChallenge(
  { nonce, modulus, exponent }: Challenge,
  userId: number,
  password: string,
): string {
  const base64url = (hex: string) => Buffer.from(hex, 'hex').toString('base64url');
  const secret = Buffer.concat([
    Buffer.from(nonce, 'ascii'),
    Buffer.from(digest2(userId, password), 'hex'),
    randomBytes(32),
  ]);
  try {
    const key = createPublicKey({
      key: { kty: 'RSA', n: base64url(modulus), e: base64url(exponent.replace(/^(?:00)+/, '')) },
      format: 'jwk',
    });
    return publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, secret).toString('hex').toUpperCase();
  } catch (cause) {
    throw new HubError('30', 'SIP-C: a login challenge with an invalid key', { cause });
  }
}

function sha1(bytes: Buffer): Buffer {
  return createHash('sha1').update(bytes).digest();
}
