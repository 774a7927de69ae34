/** A medium on this machine's disk, for as long as it is being handed over. */
import { openAsBlob } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { fittingName, type MediaMeta } from '#protocol';
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
    return fittingName(this.facts.filename, this.facts.contentType);
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
