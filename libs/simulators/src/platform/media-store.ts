/** Temporary media files of an account and of its people. */
import { ApiError } from './codes.js';
import type { Clock } from './clock.js';
import { unguessable } from './ids.js';
import type { PlatformKind } from './kind.js';
import { checkUpload } from './upload-rules.js';

const THREE_DAYS = 3 * 86_400_000;

const types: Record<string, string> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  bmp: 'image/bmp',
  amr: 'audio/amr',
  mp3: 'audio/mpeg',
  spx: 'audio/speex',
  speex: 'audio/speex',
  mp4: 'video/mp4',
};

/** Default content of images and recordings, if a test gives none: each can be distinguished from other files. */
const samples: Record<string, { filename: string; bytes: Buffer }> = {
  image: {
    filename: 'picture.jpg',
    bytes: Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex'),
  },
  voice: { filename: 'voice.amr', bytes: Buffer.concat([Buffer.from('#!AMR\n'), Buffer.alloc(32, 0x3c)]) },
  video: {
    filename: 'video.mp4',
    bytes: Buffer.from('000000186674797069736f6d0000020069736f6d69736f32', 'hex'),
  },
};

export interface Media {
  id: string;
  type: string;
  filename: string;
  contentType: string;
  bytes: Buffer;
  createdAt: number;
}

export class MediaStore {
  private readonly all = new Map<string, Media>();
  /** Files that reached clients of people; they stay there after the platform has deleted its copy. */
  private readonly shown = new Map<string, Media>();

  constructor(
    private readonly clock: Clock,
    private readonly rules: PlatformKind['media'],
  ) {}

  /** Adds without checks, because the client of the person has checked the file. */
  hold(type: string, bytes: Buffer, filename: string): Media {
    const contentType = types[extensionOf(filename)] ?? 'application/octet-stream';
    const media = { id: unguessable(64), type, filename, contentType, bytes, createdAt: this.clock.now() };
    this.all.set(media.id, media);
    return media;
  }

  sample(type: string): Media {
    const sample = samples[type] ?? { filename: `${type}.bin`, bytes: Buffer.from(type) };
    return this.hold(type, sample.bytes, sample.filename);
  }

  /** @throws ApiError for a file that the platform does not accept */
  async upload(type: string, contentType: string, body: Buffer): Promise<Media> {
    const rule = this.rules[type];
    if (!rule) throw new ApiError(40004);
    const file = await mediaPart(contentType, body);
    const bytes = Buffer.from(await file.arrayBuffer());
    checkUpload(rule, extensionOf(file.name) || file.type.replace(/^\w+\/(x-)?/, ''), bytes);
    return this.hold(type, bytes, file.name);
  }

  find(id: string): Media | undefined {
    return this.all.get(id);
  }

  /** @throws ApiError for an unknown or expired id */
  get(id: string): Media {
    const media = this.find(id);
    if (!media || this.clock.now() - media.createdAt > THREE_DAYS) throw new ApiError(40007);
    return media;
  }

  /** @returns undefined for an unknown id */
  show(id: string): Media | undefined {
    const media = this.all.get(id);
    if (media) this.shown.set(id, media);
    return media;
  }

  findShown(id: string): Media | undefined {
    return this.shown.get(id);
  }

  /** Fault: all media are gone. */
  forget(): void {
    this.all.clear();
  }
}

export function extensionOf(filename: string): string {
  return /\.(\w+)$/.exec(filename)?.[1]?.toLowerCase() ?? '';
}

/** @throws ApiError 41005 when the form has no file named `media` */
async function mediaPart(contentType: string, body: Buffer): Promise<File> {
  const headers = { 'content-type': contentType };
  const form = await new Response(new Uint8Array(body), { headers }).formData().catch(() => {
    throw new ApiError(41005);
  });
  const part = form.get('media');
  if (!part || typeof part === 'string') throw new ApiError(41005);
  return part;
}
