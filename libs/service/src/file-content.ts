/** Reads files from beginning to end. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

const CHUNK_BYTES = 64 * 1024;

/**
 * The content of a file, in chunks. The file is opened when the first chunk is requested, and closed at the end, at a `break` or
 * at an error. (A Node stream opens its file at once: if it is never read, the file stays open, and an error while opening
 * ends the process as an unhandled `error` event.)
 */
export async function* fileContent(path: string): AsyncGenerator<Buffer> {
  await using file = await open(path, 'r');
  for (;;) {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.allocUnsafe(CHUNK_BYTES) });
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

/** @returns the digest in hexadecimal digits */
export async function fileHash(path: string, algorithm: 'sha256' | 'md5'): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of fileContent(path)) hash.update(chunk);
  return hash.digest('hex');
}
