/**
 * Encrypts secrets that a process has to read again, such as those of authenticators, or tokens of paired people: AES-256-GCM with a
 * random nonce. The keys come from a setting. The first one encrypts; the others only decrypt what was stored before a rotation.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 'v1';

interface Key {
  /** First characters of the SHA-256 of the key, stored with each secret. */
  id: string;
  bytes: Buffer;
}

export class SecretBox {
  private readonly keys: Key[];

  /** @param keys each 64 hexadecimal digits. @param setting that has them */
  constructor(
    keys: readonly string[],
    private readonly setting = 'ENCRYPTION_KEY',
  ) {
    this.keys = keys.map((hex) => {
      const bytes = Buffer.from(hex, 'hex');
      return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes };
    });
  }

  get hasKey(): boolean {
    return this.keys.length > 0;
  }

  /**
   * @param place row and column for which it is encrypted: elsewhere it cannot be decrypted
   * @throws Error without a key
   */
  seal(secret: string, place: string): string {
    const [key] = this.keys;
    if (!key) throw new Error(`${this.setting} has no key`);
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, key.bytes, nonce).setAAD(Buffer.from(place));
    const content = Buffer.concat([
      nonce,
      cipher.update(secret, 'utf8'),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
    return [VERSION, key.id, content.toString('base64url')].join('.');
  }

  /** @throws Error if no key fits, or if it was changed or belongs to another place */
  open(sealed: string, place: string): string {
    const [, id = '', content = ''] = sealed.split('.');
    const key = this.keys.find((one) => one.id === id);
    if (!key) throw new Error(`${this.setting} has no key ${id}`);
    const bytes = Buffer.from(content, 'base64url');
    const decipher = createDecipheriv(CIPHER, key.bytes, bytes.subarray(0, NONCE_BYTES))
      .setAAD(Buffer.from(place))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  }

  /** Whether it was encrypted with the first key. */
  isCurrent(stored: string): boolean {
    const [key] = this.keys;
    return key !== undefined && stored.startsWith(`${VERSION}.${key.id}.`);
  }
}

/** Versions before this encryption stored secrets in clear, which contain no full stop. */
export function isSealed(stored: string): boolean {
  return stored.startsWith(`${VERSION}.`);
}
