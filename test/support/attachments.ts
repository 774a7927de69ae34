/** Files that people send: made at the start, real, each with something to look for at the other end. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { findFfmpeg, required, type FfmpegPaths } from '#engines';
import type { Attachment } from '#phones';

const MB = 1024 * 1024;

export class Attachments {
  private constructor(
    private readonly folder: string,
    private readonly tools: FfmpegPaths,
  ) {}

  static async open(): Promise<Attachments> {
    const tools = required('ffmpeg', await findFfmpeg(() => undefined)).paths;
    return new Attachments(mkdtempSync(join(tmpdir(), 'hutong-attachments-')), tools);
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** 300 x 200, and made in Beijing, as its Exif says. */
  async picture(name = 'hutong.jpg'): Promise<Attachment> {
    const noise = { type: 'gaussian' as const, mean: 128, sigma: 40 };
    const place = {
      GPSLatitudeRef: 'N',
      GPSLatitude: '39/1 54/1 15/1',
      GPSLongitudeRef: 'E',
      GPSLongitude: '116/1 23/1 29/1',
    };
    const bytes = await sharp({ create: { width: 300, height: 200, channels: 3, background: 'red', noise } })
      .withExif({ IFD0: { Make: 'Nokia' }, IFD3: place })
      .jpeg()
      .toBuffer();
    return this.write(name, 'image/jpeg', 'image', bytes);
  }

  /** Three seconds. */
  voice(form: 'amr' | 'ogg'): Attachment {
    const path = join(this.folder, `note.${form}`);
    const codec =
      form === 'amr'
        ? ['-ar', '8000', '-c:a', 'libopencore_amrnb', '-f', 'amr']
        : ['-c:a', 'libopus', '-f', 'ogg'];
    const tone = ['-f', 'lavfi', '-i', 'sine=f=440:d=3', '-ac', '1'];
    execFileSync(this.tools.ffmpeg, ['-v', 'error', '-y', ...tone, ...codec, path]);
    return {
      path,
      name: `note.${form}`,
      type: form === 'amr' ? 'audio/amr' : 'audio/ogg',
      kind: 'voice',
      seconds: 3,
    };
  }

  file(megabytes: number, name = `${megabytes} MB.bin`): Attachment {
    return this.write(name, 'application/octet-stream', 'file', randomBytes(megabytes * MB));
  }

  card(name: string, phone: string): Attachment {
    const text = `BEGIN:VCARD\r\nVERSION:4.0\r\nFN:${name}\r\nTEL:${phone}\r\nEND:VCARD\r\n`;
    return this.write(`${name}.vcf`, 'text/vcard', 'file', Buffer.from(text));
  }

  write(name: string, type: string, kind: Attachment['kind'], bytes: Buffer): Attachment {
    const path = join(this.folder, name);
    writeFileSync(path, bytes);
    return { path, name, type, kind };
  }

  /** How long a recording is, as ffmpeg plays it to its end. */
  secondsOf(recording: Buffer): number {
    const path = join(this.folder, 'heard');
    writeFileSync(path, recording);
    const samples = execFileSync(
      this.tools.ffmpeg,
      ['-v', 'error', '-i', path, '-f', 's16le', '-ar', '8000', '-ac', '1', '-'],
      { maxBuffer: 64 * MB },
    );
    return samples.length / 2 / 8000;
  }
}
