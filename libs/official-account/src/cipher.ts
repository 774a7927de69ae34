/**
 * Encrypted callbacks ("safe mode"): AES-256-CBC, the first half of the key as IV, PKCS#7 padding to 32 bytes. The plain text is
 * 16 random bytes, the length, the message and the id of the receiver (WeChat message encryption, WeCom callback documents).
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { HubError } from '#protocol';

const BLOCK = 32;

export class CallbackCipher {
  private readonly key: Buffer;

  /**
   * @param encodingAesKey 43 characters of base64
   * @param receiver app id or corp id: a message for another id is refused
   */
  constructor(
    encodingAesKey: string,
    private readonly receiver: string,
  ) {
    this.key = Buffer.from(`${encodingAesKey}=`, 'base64');
    if (this.key.length !== 32) throw new HubError('30', 'an EncodingAESKey has 43 characters');
  }

  /** @throws HubError 31 when the message was not encrypted with this key for this receiver */
  open(sealed: string): string {
    const bytes = Buffer.from(sealed, 'base64');
    if (bytes.length < BLOCK || bytes.length % 16 !== 0)
      throw new HubError('31', 'not an encrypted callback');
    const decipher = createDecipheriv('aes-256-cbc', this.key, this.key.subarray(0, 16)).setAutoPadding(
      false,
    );
    const padded = Buffer.concat([decipher.update(bytes), decipher.final()]);
    const pad = padded.at(-1) ?? 0;
    const plain = pad >= 1 && pad <= BLOCK ? padded.subarray(0, -pad) : padded;
    const length = plain.length >= 20 ? plain.readUInt32BE(16) : Infinity;
    if (20 + length > plain.length) throw new HubError('31', 'the callback was encrypted with another key');
    if (plain.subarray(20 + length).toString('utf8') !== this.receiver)
      throw new HubError('31', 'the callback is for another account');
    return plain.subarray(20, 20 + length).toString('utf8');
  }

  seal(text: string): string {
    const message = Buffer.from(text, 'utf8');
    const length = Buffer.alloc(4);
    length.writeUInt32BE(message.length);
    const plain = Buffer.concat([randomBytes(16), length, message, Buffer.from(this.receiver, 'utf8')]);
    const pad = BLOCK - (plain.length % BLOCK);
    const cipher = createCipheriv('aes-256-cbc', this.key, this.key.subarray(0, 16)).setAutoPadding(false);
    return Buffer.concat([
      cipher.update(Buffer.concat([plain, Buffer.alloc(pad, pad)])),
      cipher.final(),
    ]).toString('base64');
  }
}
