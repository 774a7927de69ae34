/** Moves avatars between a native network and the media store. Both are untrusted: the image is re-encoded in either direction. */
import { rm } from 'node:fs/promises';
import pLimit from 'p-limit';
import { AVATAR_MAX_BYTES, HubError, type Avatar, type ExternalPart } from '#protocol';
import type { MediaFile } from '#media';
import type { AttachmentOpening } from '../abilities.contract.js';
import type { NativeAvatar } from '../drafts.contract.js';
import type { AttachmentPipeline } from '../attachments/attachment-pipeline.js';

/** Maximum size of the original, bytes. */
const MOST_NATIVE_BYTES = 8 * 1024 * 1024;
const FETCH_MS = 20_000;
const AT_ONCE = 2;

export class AvatarPictures {
  private readonly limit = pLimit(AT_ONCE);

  constructor(
    private readonly pipeline: Pick<AttachmentPipeline, 'scratch' | 'avatarOf' | 'keep' | 'fetch'>,
    private readonly opener: AttachmentOpening,
  ) {}

  /** From the native network into the media store. @throws HubError 105, 106, 107: final. 65, 91: retryable */
  take({ source }: NativeAvatar): Promise<Avatar> {
    return this.limit(async () => {
      const content = await this.opener.openAttachment(source, AbortSignal.timeout(FETCH_MS));
      const received = await this.pipeline.scratch.receive(content, MOST_NATIVE_BYTES);
      await using picture = await this.scaled(received.path);
      const { url, seal } = await this.pipeline.keep(picture);
      if (!url || !seal) throw new HubError('91', 'the media store gave the avatar no place');
      return { url, key: seal.key };
    });
  }

  /** From the media store to the local disk; the caller disposes of the file. @throws HubError as `take` */
  fetch({ url, key, grant }: Avatar): Promise<MediaFile> {
    return this.limit(async () => {
      const part: ExternalPart = {
        kind: 'external',
        disposition: 'attachment',
        contentType: 'image/jpeg',
        url,
        seal: { alg: 'aes-256-gcm-blocks', key },
        ...(grant === undefined ? {} : { grant }),
      };
      const { path } = await this.pipeline.fetch(part, AVATAR_MAX_BYTES);
      return this.scaled(path);
    });
  }

  private async scaled(original: string): Promise<MediaFile> {
    try {
      return await this.pipeline.avatarOf(original);
    } finally {
      await rm(original, { force: true });
    }
  }
}
