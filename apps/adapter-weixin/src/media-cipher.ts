/** Attachments at WeChat's store: AES-128-ECB with PKCS#7, without a check of their integrity. Pure. */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { HubError } from '#protocol';

const CIPHER = 'aes-128-ecb';
const HEX = /^[0-9a-f]{32}$/i;

export function encrypted(content: Uint8Array, key: Buffer): Buffer {
  const cipher = createCipheriv(CIPHER, key, null);
  return Buffer.concat([cipher.update(content), cipher.final()]);
}

/** @throws HubError 107 for what was not encrypted with the key */
export async function* decrypted(content: AsyncIterable<Uint8Array>, key: Buffer): AsyncIterable<Uint8Array> {
  const decipher = createDecipheriv(CIPHER, key, null);
  for await (const part of content) yield decipher.update(part);
  try {
    yield decipher.final();
  } catch (cause) {
    throw new HubError('107', 'the attachment was encrypted with another key', { cause });
  }
}

/** Base64 of 32 hexadecimal digits, as WeChat's own clients write it. */
export function keyText(key: Buffer): string {
  return Buffer.from(key.toString('hex')).toString('base64');
}

/** COMPAT(WeChat, 2026): the key is base64 of 16 bytes, or of 32 hexadecimal digits; that of an image may be the digits alone. */
export function keyIn(text: string | undefined): Buffer | undefined {
  if (text === undefined || text === '') return undefined;
  if (HEX.test(text)) return Buffer.from(text, 'hex');
  const bytes = Buffer.from(text, 'base64');
  const digits = bytes.toString('latin1');
  if (HEX.test(digits)) return Buffer.from(digits, 'hex');
  return bytes.length === 16 ? bytes : undefined;
}
