/** A medium on this machine's disk, for as long as it is being handed over. */
import { openAsBlob } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import type { MediaMeta } from '#protocol';
import { fileContent } from '#service';

export interface FileFacts {
  contentType: string;
  size: number;
  sha256: string;
  filename?: string | undefined;
  meta: MediaMeta;
}

export class MediaFile implements AsyncDisposable {
  constructor(
    readonly path: string,
    readonly facts: FileFacts,
  ) {}

  get contentType(): string {
    return this.facts.contentType;
  }

  get size(): number {
    return this.facts.size;
  }

  /** A name with an ending that fits the content, for networks that go by it. */
  get filename(): string {
    const { filename, contentType } = this.facts;
    const ending = ENDINGS[contentType];
    if (filename === undefined) return `file.${ending ?? 'bin'}`;
    if (ending === undefined || endingFits(filename, contentType)) return filename;
    return `${filename.replace(/\.[A-Za-z0-9]{1,8}$/, '')}.${ending}`;
  }

  /** As the body of a request: its length is known, and memory holds a chunk at a time. */
  blob(): Promise<Blob> {
    return openAsBlob(this.path, { type: this.contentType });
  }

  /** Chunk by chunk; the file is open only while it is read. */
  content(): AsyncIterable<Buffer> {
    return fileContent(this.path);
  }

  /** Of a small one, all at once. */
  bytes(): Promise<Buffer> {
    return readFile(this.path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { force: true });
  }
}

const ENDINGS: Record<string, string> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/bmp': 'bmp',
  'image/heic': 'heic',
  'image/avif': 'avif',
  'image/tiff': 'tif',
  'audio/amr': 'amr',
  'audio/silk': 'silk',
  'audio/ogg': 'ogg',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/wav': 'wav',
  'audio/aac': 'aac',
  'video/mp4': 'mp4',
  'video/webm': 'webm',
  'video/quicktime': 'mov',
  'text/vcard': 'vcf',
  'text/plain': 'txt',
  'application/pdf': 'pdf',
};
const ALSO: Record<string, string[]> = { 'image/jpeg': ['jpeg'], 'audio/ogg': ['oga', 'opus'] };

/** Other content keeps whatever ending it has: only what is shown or played must not pretend. */
function endingFits(filename: string, contentType: string): boolean {
  const given = /\.([A-Za-z0-9]{1,8})$/.exec(filename)?.[1]?.toLowerCase();
  const ending = ENDINGS[contentType];
  return given !== undefined && (given === ending || (ALSO[contentType]?.includes(given) ?? false));
}
