/** Temporary media of an account and of its people. */
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

/** What a person's camera and microphone give, if a test does not care: enough to be told from another file. */
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
  /** What reached people's clients stays there, whatever becomes of the platform's copy. */
  private readonly shown = new Map<string, Media>();

  constructor(
    private readonly clock: Clock,
    private readonly rules: PlatformKind['media'],
  ) {}

  /** Without any rules: what people send was checked by their own client. */
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

  /** @throws ApiError when the account uploads what the platform does not take */
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

  /** @throws ApiError when there is none, or it is too old */
  get(id: string): Media {
    const media = this.find(id);
    if (!media || this.clock.now() - media.createdAt > THREE_DAYS) throw new ApiError(40007);
    return media;
  }

  /** @returns undefined when there is none to show */
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
