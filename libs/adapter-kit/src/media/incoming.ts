/** A medium of the native network into the media store: streamed, counted, hashed, looked at, stored once. */
import { rm } from 'node:fs/promises';
import {
  cleanName,
  HubError,
  MediaFailure,
  toHubError,
  CARD,
  type Degradation,
  type LeafPart,
} from '#protocol';
import { eraseLocation, inspect, MediaFile, type Received } from '#media';
import { backoff, metrics, sleep, type Log } from '#service';
import type { MediaOpening, NativeMedia } from '../adapter.contract.js';
import type { MediaWorkshop } from './workshop.js';

/** Tried again for so long, in case the network comes back to its senses. */
const PATIENCE_MS = 5 * 60_000;
/** One attempt. */
const ATTEMPT_MS = 10 * 60_000;
const MAX_CARD_BYTES = 64 * 1024;

export interface Fetched {
  part: LeafPart;
  degradations: Degradation[];
}

export class IncomingMedia {
  constructor(
    private readonly workshop: MediaWorkshop,
    private readonly opener: MediaOpening,
    private readonly log: Log,
  ) {}

  /** Never fails: what does not come is said in the part. @param stopping aborts, and then it throws 91 */
  fetch(native: NativeMedia, stopping: AbortSignal): Promise<Fetched> {
    return this.workshop.incoming(async () => {
      const until = Date.now() + PATIENCE_MS;
      for (let attempt = 1; ; attempt++) {
        try {
          return await this.attempt(native, stopping);
        } catch (thrown) {
          if (stopping.aborted) throw new HubError('91', 'the adapter is stopping');
          const error = toHubError(thrown);
          this.log.warn({ code: error.code, reason: error.detail, attempt }, 'medium not fetched');
          if (error.verdict !== 'retry' || Date.now() > until) {
            metrics.mediaFailures.inc({ network: this.workshop.network, code: error.code });
            return failed(native, error);
          }
          await sleep(error.retryAfterMs ?? backoff(attempt, 500, 20_000), stopping);
        }
      }
    });
  }

  /** Into the store, at once. @throws HubError */
  async take(
    content: AsyncIterable<Uint8Array>,
    about: Omit<NativeMedia, 'source' | 'contentType'>,
  ): Promise<Fetched> {
    const received = await this.workshop.scratch.receive(content, this.workshop.maxBytes);
    await using file = await this.look(received, about);
    const { facts } = file;
    if (facts.contentType === CARD && facts.size <= MAX_CARD_BYTES) return card(await file.bytes());
    const degradations = await this.withoutPlace(file);
    const sha256 = degradations.length > 0 ? await this.hashAgain(file) : facts.sha256;
    const part = await this.workshop.keep(file, sha256);
    const { description } = about;
    metrics.mediaBytes.inc({ network: this.workshop.network, direction: 'in' }, facts.size);
    return {
      part: {
        ...part,
        disposition: about.disposition,
        ...(description === undefined ? {} : { description }),
      },
      degradations,
    };
  }

  private async attempt(native: NativeMedia, stopping: AbortSignal): Promise<Fetched> {
    const signal = AbortSignal.any([stopping, AbortSignal.timeout(ATTEMPT_MS)]);
    return this.take(await this.opener.openMedia(native.source, signal), native);
  }

  private async look(
    { path, size, sha256 }: Received,
    native: Omit<NativeMedia, 'source' | 'contentType'>,
  ): Promise<MediaFile> {
    const wrong = size === 0 ? 'the medium is empty' : 'the medium is not what its sender said';
    if (size === 0 || (native.sha256 !== undefined && native.sha256 !== sha256)) {
      await rm(path, { force: true });
      throw new HubError(size === 0 ? '107' : '108', wrong);
    }
    const { contentType, meta } = await inspect(path, this.workshop.tools);
    const filename = cleanName(native.filename);
    return new MediaFile(path, { contentType, size, sha256, filename, meta: { ...native.meta, ...meta } });
  }

  private async withoutPlace(file: MediaFile): Promise<Degradation[]> {
    if (this.workshop.settings.MEDIA_KEEP_PLACE || !file.contentType.startsWith('image/')) return [];
    if (!(await eraseLocation(file.path, file.size))) return [];
    const rule = 'the place where it was made was taken out';
    return [{ feature: 'media', level: 1, rule, by: this.workshop.network }];
  }

  private async hashAgain(file: MediaFile): Promise<string> {
    const copy = await this.workshop.scratch.receive(file.stream(), Infinity);
    await using _gone = new MediaFile(copy.path, file.facts);
    return copy.sha256;
  }
}

function card(content: Buffer): Fetched {
  const text = content.toString('utf8').toWellFormed();
  return {
    part: { kind: 'single', disposition: 'render', contentType: CARD, content: text },
    degradations: [],
  };
}

function failed(native: NativeMedia, { code }: HubError): Fetched {
  const failure = MediaFailure.safeParse(code === '61' ? '105' : code);
  const { disposition, contentType, filename, description } = native;
  const name = cleanName(filename);
  const part: LeafPart = {
    kind: 'external',
    disposition,
    contentType,
    failure: failure.success ? failure.data : '107',
    ...(name === undefined ? {} : { filename: name }),
    ...(description === undefined ? {} : { description }),
  };
  return { part, degradations: [] };
}
