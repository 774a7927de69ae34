/** Fetches attachments of the native network into the media store: streamed, limited, hashed, inspected, stored once. */
import { readFile, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import {
  cleanName,
  HubError,
  mediaFailureOf,
  toHubError,
  CARD,
  type Degradation,
  MediaMeta,
  type LeafPart,
  type ResultCode,
} from '#protocol';
import { eraseLocation, inspect, MediaFile, type Received } from '#media';
import { backoff, fileHash, metrics, sleep, type Log } from '#service';
import type { AttachmentOpening } from '../abilities.contract.js';
import type { NativeAttachment } from '../drafts.contract.js';
import type { AttachmentPipeline } from './attachment-pipeline.js';

/** How long failed fetches are retried, ms. */
const PATIENCE_MS = 5 * 60_000;
/** Time limit of one attempt, ms. */
const ATTEMPT_MS = 10 * 60_000;
const MAX_CARD_BYTES = 64 * 1024;
const MAX_DESCRIPTION = 2000;

type About = Omit<NativeAttachment, 'source' | 'contentType'>;

export interface FetchedAttachment {
  part: LeafPart;
  degradations: Degradation[];
}

export class IncomingAttachments {
  constructor(
    private readonly pipeline: AttachmentPipeline,
    private readonly opener: AttachmentOpening,
    private readonly log: Log,
  ) {}

  /**
   * Fetches one attachment. If it cannot be fetched, the part says why.
   * @param stopping ends the attempts. @throws HubError 91 only after it was aborted
   */
  async fetch(native: NativeAttachment, stopping: AbortSignal): Promise<FetchedAttachment> {
    const until = Date.now() + PATIENCE_MS;
    for (let attempt = 1; ; attempt++) {
      try {
        // The limit of parallel fetches counts attempts only, so that waiting for a retry blocks no other attachment.
        return await this.pipeline.incoming(() => this.attempt(native, stopping));
      } catch (thrown) {
        if (stopping.aborted) throw new HubError('91', 'the adapter is stopping');
        const error = toHubError(thrown);
        this.log.warn({ code: error.code, reason: error.detail, attempt }, 'attachment not fetched');
        if (error.verdict !== 'retry' || Date.now() > until) {
          metrics.mediaFailures.inc({ network: this.pipeline.network, code: error.code });
          return unavailable(native, error.code);
        }
        await sleep(error.retryAfterMs ?? backoff(attempt, 500, 20_000), stopping);
      }
    }
  }

  /** Stores content in the media store at once. @throws HubError 105, 106, 107, 108, 91 */
  async take(content: AsyncIterable<Uint8Array>, about: About): Promise<FetchedAttachment> {
    const { scratch, textPriority, maxBytes } = this.pipeline;
    const received = await scratch.receive(textPriority.of(content), maxBytes);
    try {
      return await this.keep(received, about);
    } catch (thrown) {
      throw asUnreadable(thrown);
    } finally {
      await rm(received.path, { force: true });
    }
  }

  private async keep(received: Received, about: About): Promise<FetchedAttachment> {
    const { path, size, sha256 } = received;
    if (size === 0) throw new HubError('107', 'the attachment is empty');
    if (about.sha256 !== undefined && about.sha256 !== sha256)
      throw new HubError('108', 'the content has another hash than its sender declared');
    const { contentType, meta } = await inspect(path, size, this.pipeline.tools);
    if (contentType === CARD && size <= MAX_CARD_BYTES) return card(await readFile(path));
    const degradations = await this.eraseLocationOf(contentType, received);
    const facts = {
      contentType,
      size,
      sha256: degradations.length > 0 ? await fileHash(path, 'sha256') : sha256,
      filename: cleanName(about.filename),
      meta: { ...about.meta, ...meta },
    };
    const part = await this.pipeline.keep(new MediaFile(path, facts));
    const { description } = about;
    metrics.mediaBytes.inc({ network: this.pipeline.network, direction: 'in' }, size);
    return {
      part: {
        ...part,
        disposition: about.disposition,
        ...(description === undefined ? {} : { description }),
      },
      degradations,
    };
  }

  private async attempt(native: NativeAttachment, stopping: AbortSignal): Promise<FetchedAttachment> {
    const signal = AbortSignal.any([stopping, AbortSignal.timeout(ATTEMPT_MS)]);
    const content = await this.opener.openAttachment(native.source, signal);
    try {
      return await this.take(content, native);
    } finally {
      // If it was not read to its end, the stream still holds its connection or file.
      if (content instanceof Readable) content.destroy();
    }
  }

  private async eraseLocationOf(contentType: string, { path, size }: Received): Promise<Degradation[]> {
    if (this.pipeline.settings.MEDIA_KEEP_PLACE || !(await eraseLocation(path, size, contentType))) return [];
    const rule = 'the place where it was made was taken out';
    return [{ feature: 'media', level: 1, rule, by: this.pipeline.network }];
  }
}

/** Cuts what the native network declares to the bounds of the event schema, so that it cannot make the event invalid. */
export function withinBounds(native: NativeAttachment): NativeAttachment {
  const { filename, description, meta, contentType } = native;
  const { meta: _meta, filename: _filename, description: _description, ...rest } = native;
  const name = cleanName(filename);
  const said = description?.slice(0, MAX_DESCRIPTION).toWellFormed();
  const known = MediaMeta.safeParse(meta ?? {});
  return {
    ...rest,
    contentType: contentType.slice(0, 200),
    ...(name === undefined ? {} : { filename: name }),
    ...(said ? { description: said } : {}),
    meta: known.success ? known.data : meta?.voice === true ? { voice: true } : {},
  };
}

/** The part of an attachment that could not be fetched, with the reason. */
export function unavailable(native: NativeAttachment, code: ResultCode): FetchedAttachment {
  const { disposition, contentType, filename, description } = native;
  const part: LeafPart = {
    kind: 'external',
    disposition,
    contentType,
    failure: mediaFailureOf(code) ?? '107',
    ...(filename === undefined ? {} : { filename }),
    ...(description === undefined ? {} : { description }),
  };
  return { part, degradations: [] };
}

/** Errors of the inspection: 106 for content that no tool can read; system errors (errno) stay retryable. */
function asUnreadable(thrown: unknown): unknown {
  if (thrown instanceof HubError || (thrown instanceof Error && 'errno' in thrown)) return thrown;
  return new HubError('106', 'the attachment cannot be read', { cause: thrown });
}

function card(content: Buffer): FetchedAttachment {
  const text = content.toString('utf8').toWellFormed();
  return {
    part: { kind: 'single', disposition: 'render', contentType: CARD, content: text },
    degradations: [],
  };
}
