/** An attachment on the local disk. Dispose of it to delete the file. */
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

  /** A file name whose extension fits the content, for networks that use the extension. */
  get filename(): string {
    return fittingName(this.facts.filename, this.facts.contentType);
  }

  /** The content as the body of a request, of known length; memory holds one chunk at a time. */
  blob(): Promise<Blob> {
    return openAsBlob(this.path, { type: this.contentType });
  }

  /** The content in chunks. The file is open only while it is read. */
  content(): AsyncIterable<Buffer> {
    return fileContent(this.path);
  }

  /** The whole content, for a small file. */
  bytes(): Promise<Buffer> {
    return readFile(this.path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { force: true });
  }
}
