/** `hub.attachments`: for an adapter that must handle attachments itself. Calls may run at the same time. */
import type { MediaFile } from '#media';
import type { ExternalPart, LeafPart } from '#protocol';
import type { NativeAttachment } from '../drafts.contract.js';
import type { AttachmentPipeline } from './attachment-pipeline.js';
import type { IncomingAttachments } from './incoming.js';

export class AttachmentHandling {
  constructor(
    private readonly pipeline: AttachmentPipeline,
    private readonly incoming: IncomingAttachments,
  ) {}

  /**
   * Opens an HTTP download, only from the declared hosts (MEDIA_HOSTS).
   * @param signal the adapter's own time limit
   * @throws HubError 107 refused or gone; 91 when the host does not answer
   */
  download(url: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    return this.pipeline.downloader.open(url, signal);
  }

  /**
   * A small JPEG of an image, or of a video if ffmpeg is installed. The caller disposes of the file.
   * @param side maximum width and height, pixels
   * @throws HubError 106 when none can be made
   */
  thumbnail(file: MediaFile, side: number, maxBytes: number): Promise<MediaFile> {
    return this.pipeline.converter.thumbnail(file, side, maxBytes);
  }

  /**
   * Stores content in the media store at once, for a network that uploads to us. Resolves when it is stored.
   * @returns the part for `draft.content`; a contact card is returned as a card
   * @throws HubError 105 too large, 106 unreadable, 107 empty, 108 another hash than declared, 91
   */
  async take(
    content: AsyncIterable<Uint8Array>,
    about: Pick<NativeAttachment, 'disposition' | 'filename' | 'description' | 'meta' | 'sha256'>,
  ): Promise<LeafPart> {
    return (await this.incoming.take(content, about)).part;
  }

  /**
   * Stores the form in which an attachment goes to this network, so that the network can fetch it from us later. Name its
   * URL in `Delivered.keeps`.
   * @throws HubError 91
   */
  keep(file: MediaFile): Promise<ExternalPart> {
    return this.pipeline.keep(file);
  }

  /**
   * Reads bytes from the media store.
   * @param from first byte
   * @param to last byte
   * @throws HubError 107 no longer stored, 108 damaged, 91
   */
  read(part: ExternalPart, from: number, to: number): AsyncIterable<Buffer> {
    return this.pipeline.read(part, from, to);
  }
}
