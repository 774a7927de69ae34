/** Reading a file from its beginning to its end. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

const CHUNK_BYTES = 64 * 1024;

/**
 * The content of a file, in chunks. The file is opened when the first chunk is asked for, and closed when the reader has had
 * enough, whether that is the end, a `break` or an error. A stream of Node opens its file at once: a stream that nobody reads
 * keeps the file open for ever, and an error of opening it ends the process as an unhandled `error` event.
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
