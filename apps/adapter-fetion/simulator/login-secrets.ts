/** Secrets of the login: password digests and the RSA key of the service. */
import {
  constants,
  createCipheriv,
  createHash,
  generateKeyPairSync,
  privateDecrypt,
  randomBytes,
  type KeyObject,
} from 'node:crypto';

const DOMAIN = 'fetion.com.cn';
const DIGEST_BYTES = 20;
const AES_KEY_BYTES = 32;
/** From commented-out code of a client, the only source for the encryption of credentials. */
const CREDENTIAL_IV = Buffer.from('00399F3D125DB5530AB5E000D6B0F45A', 'hex');

export function digest1(password: string): Buffer {
  return createHash('sha1').update(`${DOMAIN}:${password}`).digest();
}

export function digest2(userId: number, password: string): Buffer {
  const id = Buffer.alloc(4);
  id.writeInt32LE(userId);
  return createHash('sha1').update(id).update(digest1(password)).digest();
}

export function hex32(): string {
  return randomBytes(16).toString('hex').toUpperCase();
}

/** Encrypts a domain credential for the client with the key that it chose. */
export function sealedCredential(aesKey: Buffer): string {
  const cipher = createCipheriv('aes-256-cbc', aesKey, CREDENTIAL_IV).setAutoPadding(false);
  return Buffer.concat([cipher.update(hex32()), cipher.final()]).toString('base64');
}

/** One key for the whole service, because generating a key takes too long to do it for each login. */
export class LoginKey {
  private readonly secret: KeyObject;
  /** Modulus and exponent, as in the challenge. */
  readonly published: string;
  readonly signature = randomBytes(128).toString('hex').toUpperCase();

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    this.secret = privateKey;
    const modulus = Buffer.from(publicKey.export({ format: 'jwk' }).n ?? '', 'base64url');
    this.published = `${modulus.toString('hex').toUpperCase()}010001`;
  }

  /** @returns the AES key that the client chose, or undefined when the answer is wrong */
  open(responseHex: string, nonce: string, digest: Buffer): Buffer | undefined {
    if (!/^[0-9a-fA-F]{256}$/.test(responseHex)) return undefined;
    const plain = this.decrypt(Buffer.from(responseHex, 'hex'));
    // For bad padding Node returns random bytes instead of an error, so the length is checked as well.
    if (plain?.length !== nonce.length + DIGEST_BYTES + AES_KEY_BYTES) return undefined;
    const sent = plain.subarray(nonce.length, nonce.length + DIGEST_BYTES);
    const right = plain.toString('latin1', 0, nonce.length) === nonce && sent.equals(digest);
    return right ? plain.subarray(nonce.length + DIGEST_BYTES) : undefined;
  }

  private decrypt(sealed: Buffer): Buffer | undefined {
    try {
      return privateDecrypt({ key: this.secret, padding: constants.RSA_PKCS1_PADDING }, sealed);
    } catch {
      return undefined;
    }
  }
}
