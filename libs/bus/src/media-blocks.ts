/** Encryption of attachments: an object is a sequence of blocks, each sealed with the key of the object and its own number. No I/O. */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { HubError } from '#protocol';

export const BLOCK_BYTES = 256 * 1024;
const CIPHER = 'aes-256-gcm';
export const TAG_BYTES = 16;
const NONCE_BYTES = 12;

/** The number of the block, big-endian, in the last four of twelve bytes. */
export function nonceOf(number: number): Buffer {
  const bytes = Buffer.alloc(NONCE_BYTES);
  bytes.writeUInt32BE(number, NONCE_BYTES - 4);
  return bytes;
}

/** @returns the encrypted block with its tag behind it */
export function sealBlock(block: Buffer, key: Buffer, number: number): Buffer {
  const cipher = createCipheriv(CIPHER, key, nonceOf(number));
  return Buffer.concat([cipher.update(block), cipher.final(), cipher.getAuthTag()]);
}

/** @throws HubError 108 when the block is not what was sealed */
export function openBlock(sealed: Uint8Array, key: Buffer, number: number): Buffer {
  const end = Math.max(0, sealed.length - TAG_BYTES);
  try {
    const decipher = createDecipheriv(CIPHER, key, nonceOf(number));
    decipher.setAuthTag(sealed.subarray(end));
    return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]);
  } catch (cause) {
    throw new HubError('108', 'a block of the attachment is damaged', { cause });
  }
}

/** Cuts a stream into blocks; the last one is shorter. */
export async function* inBlocks(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let gathered: Buffer[] = [];
  let size = 0;
  for await (const chunk of content) {
    gathered.push(chunk);
    size += chunk.length;
    if (size < BLOCK_BYTES) continue;
    const whole = Buffer.concat(gathered);
    let at = 0;
    for (; at + BLOCK_BYTES <= whole.length; at += BLOCK_BYTES) yield whole.subarray(at, at + BLOCK_BYTES);
    gathered = [whole.subarray(at)];
    size = whole.length - at;
  }
  if (size > 0) yield Buffer.concat(gathered);
}
