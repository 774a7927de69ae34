/** Converts attachments to forms that a network accepts: few at a time, with limits of time and size. */
import { rm, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import pLimit from 'p-limit';
import { Piscina } from 'piscina';
import sharp, { type Sharp } from 'sharp';
import { fits, HubError, type MediaRule, type MediaRules } from '#protocol';
import { fileHash } from '#service';
import { inspect, MAX_PIXELS } from './inspect.js';
import { MediaFile } from './media-file.js';
import type { Scratch } from './scratch.js';
import type { SilkTask } from './silk.worker.js';
import type { MediaTools } from './tools.js';

const AT_ONCE = 2;
const VOICE_MS = 60_000;
const PICTURE_S = 20;
const MAX_VOICE_BYTES = 20 * 1024 * 1024;
const MAX_VOICE_MS = 15 * 60_000;
/** Tolerance for the duration of a converted voice note, since encoders round. If more is missing, the output was cut at its size limit. */
const ROUNDING_MS = 1000;
const FRAME_MS = 20_000;
const MAX_FRAME_BYTES = 32 * 1024 * 1024;
const SILK_RATE = 24_000;
const RAW = ['-f', 's16le', '-ar', String(SILK_RATE), '-ac', '1'];

/** Options of ffmpeg for each voice format. */
const VOICE_ARGS: Record<string, string[]> = {
  'audio/ogg': ['-vn', '-ac', '1', '-c:a', 'libopus', '-b:a', '24k', '-application', 'voip', '-f', 'ogg'],
  'audio/amr': ['-vn', '-ac', '1', '-ar', '8000', '-c:a', 'libopencore_amrnb', '-b:a', '12.2k', '-f', 'amr'],
  'audio/mpeg': ['-vn', '-ac', '1', '-c:a', 'libmp3lame', '-b:a', '48k', '-f', 'mp3'],
  'audio/mp4': ['-vn', '-ac', '1', '-c:a', 'aac', '-b:a', '48k', '-movflags', '+faststart', '-f', 'ipod'],
  'audio/silk': [],
};
const PICTURE_TYPES: Record<string, (image: Sharp, quality: number) => Sharp> = {
  'image/jpeg': (image, quality) => image.flatten({ background: '#fff' }).jpeg({ quality, mozjpeg: false }),
  'image/png': (image) => image.png(),
  'image/webp': (image, quality) => image.webp({ quality }),
};
/** Longer side (pixels) and quality, tried in this order until the file is small enough. */
const PICTURE_STEPS = [
  [4096, 85],
  [2560, 80],
  [1600, 75],
  [1080, 70],
  [640, 60],
  [320, 50],
] as const;

sharp.concurrency(1);
sharp.cache(false);

export class Converter {
  private readonly limit = pLimit(AT_ONCE);
  private readonly silk = new Piscina<SilkTask, void>({
    filename: new URL(`./silk.worker${extname(import.meta.filename)}`, import.meta.url).href,
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: 10_000,
    // Statistics are off: they need 0.7 MB for each adapter, and nothing reads them.
    recordTiming: false,
  });

  constructor(
    private readonly scratch: Scratch,
    private readonly tools: MediaTools | undefined,
  ) {}

  get converts(): NonNullable<MediaRules['converts']> {
    return this.tools ? ['image', 'voice'] : ['image'];
  }

  async close(): Promise<void> {
    await this.silk.destroy();
  }

  /** Converts a voice note. @throws HubError 105, 106 when no accepted form can be made */
  voice(file: MediaFile, rule: MediaRule): Promise<MediaFile> {
    return this.limit(async () => {
      const type = (rule.types ?? ['audio/ogg']).find((wanted) => wanted in VOICE_ARGS);
      if (!type || !this.tools) throw new HubError('106', 'no form of voice that can be made here');
      if (file.size > MAX_VOICE_BYTES) throw new HubError('105', 'too large for a voice note');
      if ((file.facts.meta.durationMs ?? 0) > MAX_VOICE_MS)
        throw new HubError('105', 'too long for a voice note');
      const path = await this.voiceAs(type, file, this.tools, rule.maxBytes ?? MAX_VOICE_BYTES);
      const made = await this.made(path, file, rule);
      if (!isCut(file, made)) return made;
      await made[Symbol.asyncDispose]();
      throw new HubError('105', 'it does not become small enough');
    });
  }

  /** Scales an image and rotates it upright. @throws HubError 105, 106 */
  picture(file: MediaFile, rule: MediaRule, longest: number = PICTURE_STEPS[0][0]): Promise<MediaFile> {
    return this.limit(async () => {
      const type = (rule.types ?? ['image/jpeg']).find((wanted) => wanted in PICTURE_TYPES) ?? '';
      const format = PICTURE_TYPES[type];
      if (!format) throw new HubError('106', 'no form of picture that can be made here');
      for (const [side, quality] of PICTURE_STEPS) {
        const path = this.scratch.path();
        const upright = sharp(file.path, { limitInputPixels: MAX_PIXELS, failOn: 'error' })
          .rotate()
          .resize({
            width: Math.min(side, longest),
            height: Math.min(side, longest),
            fit: 'inside',
            withoutEnlargement: true,
          })
          .timeout({ seconds: PICTURE_S });
        await format(upright, quality)
          .toFile(path)
          .catch(async (cause: unknown) => {
            await rm(path, { force: true });
            throw new HubError('106', 'the picture cannot be read', { cause });
          });
        if ((await stat(path)).size <= (rule.maxBytes ?? Infinity)) return this.made(path, file, rule);
        await rm(path, { force: true });
      }
      throw new HubError('105', 'the picture cannot be made small enough');
    });
  }

  /** A small JPEG of an image, or of the beginning of a video. @throws HubError 106 */
  async thumbnail(file: MediaFile, side: number, maxBytes: number): Promise<MediaFile> {
    const still = file.contentType.startsWith('video/') ? await this.firstFrame(file) : file;
    try {
      return await this.picture(still, { types: ['image/jpeg'], maxBytes }, side);
    } finally {
      if (still !== file) await still[Symbol.asyncDispose]();
    }
  }

  private firstFrame(file: MediaFile): Promise<MediaFile> {
    return this.limit(async () => {
      if (!this.tools) throw new HubError('106', 'no ffmpeg to look into a video');
      const path = this.scratch.path();
      const args = ['-frames:v', '1', '-c:v', 'mjpeg', '-f', 'image2'];
      const still = new MediaFile(path, { ...file.facts, contentType: 'image/jpeg' });
      try {
        const input = { path: file.path, type: file.contentType };
        await this.tools.convert(input, { path, args, maxBytes: MAX_FRAME_BYTES }, FRAME_MS);
        return still;
      } catch (error) {
        await still[Symbol.asyncDispose]();
        throw error;
      }
    });
  }

  private async voiceAs(type: string, file: MediaFile, tools: MediaTools, maxBytes: number): Promise<string> {
    const [path, samples] = [this.scratch.path(), this.scratch.path()];
    const unpacked = { path: samples, args: RAW, maxBytes: MAX_VOICE_BYTES };
    try {
      if (file.contentType === 'audio/silk') await this.runSilk('decode', file.path, samples);
      else if (type === 'audio/silk')
        await tools.convert({ path: file.path, type: file.contentType }, unpacked, VOICE_MS);
      if (type === 'audio/silk') await this.runSilk('encode', samples, path);
      else {
        const input =
          file.contentType === 'audio/silk'
            ? { path: samples, raw: RAW }
            : { path: file.path, type: file.contentType };
        await tools.convert(input, { path, args: VOICE_ARGS[type] ?? [], maxBytes }, VOICE_MS);
      }
      return path;
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    } finally {
      await rm(samples, { force: true });
    }
  }

  private async runSilk(direction: SilkTask['direction'], from: string, to: string): Promise<void> {
    await this.silk
      .run({ direction, from, to, rate: SILK_RATE }, { signal: AbortSignal.timeout(VOICE_MS) })
      .catch((cause: unknown) => {
        throw new HubError('106', 'the SILK recording cannot be read', { cause });
      });
  }

  private async made(path: string, from: MediaFile, rule: MediaRule): Promise<MediaFile> {
    const { size } = await stat(path);
    const { contentType, meta } = await inspect(path, size, this.tools);
    const { voice, waveform } = from.facts.meta;
    const kept = { ...(voice ? { voice } : {}), ...(waveform ? { waveform } : {}) };
    const file = new MediaFile(path, {
      ...from.facts,
      contentType,
      size,
      sha256: await fileHash(path, 'sha256'),
      meta: { ...meta, ...kept },
    });
    if (fits({ contentType, size, meta: file.facts.meta }, rule)) return file;
    await rm(path, { force: true });
    throw new HubError('105', 'it does not become small enough');
  }
}

function isCut(from: MediaFile, made: MediaFile): boolean {
  const [before, after] = [from.facts.meta.durationMs, made.facts.meta.durationMs];
  return before !== undefined && after !== undefined && after < before - ROUNDING_MS;
}
