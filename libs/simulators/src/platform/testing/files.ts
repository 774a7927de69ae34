/** Small valid files of several types, in a folder from which tests send them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const filled = (head: Buffer, size: number): Buffer =>
  Buffer.concat([head, Buffer.alloc(Math.max(0, size - head.length), '\r\n--with dashes')]);

export const png = (size = 100): Buffer => filled(Buffer.from('89504e470d0a1a0a', 'hex'), size);
export const jpg = (size = 100): Buffer => filled(Buffer.from('ffd8ffe0', 'hex'), size);
export const mp4 = (size = 100): Buffer => filled(Buffer.from('00000018667479706d703432', 'hex'), size);

/** 50 frames a second of 12.2 kbit/s. */
export function amr(frames: number): Buffer {
  const frame = Buffer.concat([Buffer.from([0x3c]), Buffer.alloc(31, 0x55)]);
  return Buffer.concat([Buffer.from('#!AMR\n'), ...Array<Buffer>(frames).fill(frame)]);
}

/** 125 frames in 3 seconds, of 64 kbit/s. */
export function mp3(frames: number): Buffer {
  const frame = Buffer.concat([Buffer.from('fffb5400', 'hex'), Buffer.alloc(188)]);
  return Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\0\0', 'latin1'), ...Array<Buffer>(frames).fill(frame)]);
}

export class Folder {
  private constructor(readonly path: string) {}

  static async make(): Promise<Folder> {
    return new Folder(await mkdtemp(join(tmpdir(), 'platform-')));
  }

  async save(name: string, bytes: Buffer): Promise<string> {
    const path = join(this.path, name);
    await writeFile(path, bytes);
    return path;
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true });
  }
}

export async function download(url: string | undefined): Promise<Buffer> {
  const response = await fetch(url ?? '');
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}
