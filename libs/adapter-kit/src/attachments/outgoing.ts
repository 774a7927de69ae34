/** Prepares an attachment from the media store for this network: as it is, converted, as a link, or as words with the reason. */
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import {
  convertedTo,
  DEGRADATION_RULES,
  cleanName,
  fits,
  fittingName,
  HubError,
  mediaKindOf,
  MediaFailure,
  PHRASES,
  planMedia,
  RequestProblem,
  requests,
  toHubError,
  type Capabilities,
  type Degradation,
  type ExternalPart,
  type MediaKind,
  type MessageEvent,
  type SinglePart,
} from '#protocol';
import { mediaFeature, mediaInWords, placeholder } from '#degradation';
import { ask, type BusConnection } from '#bus';
import { inspect, MediaFile } from '#media';
import { metrics } from '#service';
import type { AttachmentPipeline } from './attachment-pipeline.js';

export interface OutgoingAttachment {
  file: MediaFile;
  /** Attachment kind, as in `capabilities.media`. */
  as: MediaKind;
  part: ExternalPart;
}

export interface InWords {
  act: 'words';
  words: SinglePart;
  /** Absent when the words contain a link to the attachment. */
  failure?: MediaFailure;
  degradations: Degradation[];
}

export type Prepared = { act: 'medium'; medium: OutgoingAttachment; degradations: Degradation[] } | InWords;

export class OutgoingAttachments {
  constructor(
    private readonly pipeline: AttachmentPipeline,
    private readonly connection: BusConnection,
    private readonly capabilities: () => Capabilities,
  ) {}

  pauseTransfersForText(): void {
    this.pipeline.pauseTransfersForText();
  }

  /** The caller disposes of the file. @throws HubError 91 while the media store is unavailable */
  prepare(event: MessageEvent, part: ExternalPart): Promise<Prepared> {
    return this.pipeline.outgoing(async () => {
      if (part.url === undefined) return this.inWords(part, part.failure ?? '106');
      const rules = this.capabilities().media ?? {};
      const facts = { contentType: part.contentType, size: part.size ?? 0, meta: part.meta };
      const plan = planMedia(facts, rules);
      if (plan.act === 'link') return this.asLink(event, part, plan.why);
      try {
        return await this.asMedium(event, part);
      } catch (thrown) {
        const error = toHubError(thrown);
        const failure = MediaFailure.safeParse(error.code);
        if (!failure.success) throw error;
        return this.inWords(part, failure.data);
      }
    });
  }

  /** For an attachment that the network refused when it was sent: a link to it, or a placeholder. @throws HubError 91 */
  async instead(event: MessageEvent, part: ExternalPart, why: MediaFailure): Promise<InWords> {
    if (part.url === undefined) return this.inWords(part, why);
    return this.asLink(event, part, why);
  }

  /** Makes a file of a text part, such as a contact card. */
  async ofText(part: SinglePart, filename: string): Promise<OutgoingAttachment> {
    const content = Buffer.from(part.content);
    const { path, size, sha256 } = await this.pipeline.scratch.receive(Readable.from([content]), Infinity);
    const file = new MediaFile(path, { contentType: part.contentType, size, sha256, filename, meta: {} });
    const external: ExternalPart = {
      kind: 'external',
      disposition: 'attachment',
      contentType: part.contentType,
      filename,
    };
    return { file, as: 'file', part: external };
  }

  private async asMedium(event: MessageEvent, part: ExternalPart): Promise<Prepared> {
    const file = await this.take(part);
    let prepared: Prepared | undefined;
    try {
      prepared = await this.fitted(event, part, file);
      return prepared;
    } finally {
      const isUsed = prepared?.act === 'medium' && prepared.medium.file === file;
      if (!isUsed) await file[Symbol.asyncDispose]();
    }
  }

  /** Plans by the content that was fetched, not by what the source adapter declared. */
  private async fitted(event: MessageEvent, part: ExternalPart, file: MediaFile): Promise<Prepared> {
    const plan = planMedia(file.facts, this.capabilities().media ?? {});
    switch (plan.act) {
      case 'link':
        return this.asLink(event, part, plan.why);
      case 'convert':
        return this.converted(event, part, file, plan);
      case 'send': {
        const lost = mediaKindOf(file.facts) === 'voice' && plan.as === 'file';
        const degradations = lost ? [this.note(part, 1, DEGRADATION_RULES.asFile)] : [];
        return { act: 'medium', medium: { file, as: plan.as, part }, degradations };
      }
    }
  }

  private async converted(
    event: MessageEvent,
    part: ExternalPart,
    file: MediaFile,
    { as, rule }: Extract<ReturnType<typeof planMedia>, { act: 'convert' }>,
  ): Promise<Prepared> {
    const { converter } = this.pipeline;
    try {
      const made = await (as === 'voice' ? converter.voice(file, rule) : converter.picture(file, rule));
      const scaled =
        made.contentType === file.contentType ? DEGRADATION_RULES.smaller : convertedTo(made.contentType);
      return {
        act: 'medium',
        medium: { file: made, as, part },
        degradations: [this.note(part, 1, scaled)],
      };
    } catch (thrown) {
      const failure = MediaFailure.safeParse(toHubError(thrown).code).data;
      if (failure === undefined) throw thrown;
      const asFile = this.capabilities().media?.file;
      if (!asFile || !fits(file.facts, asFile)) return this.asLink(event, part, failure);
      return {
        act: 'medium',
        medium: { file, as: 'file', part },
        degradations: [this.note(part, 1, DEGRADATION_RULES.unconvertedFile)],
      };
    }
  }

  /** Fetches the attachment to the local disk and verifies size and hash. @throws HubError 105, 107, 108, 91 */
  private async take(part: ExternalPart): Promise<MediaFile> {
    const { hash } = part;
    if (!hash) throw new HubError('107', 'the attachment has no hash');
    const { tools, network } = this.pipeline;
    const { path, size, sha256 } = await this.pipeline.fetch(part);
    metrics.mediaBytes.inc({ network, direction: 'out' }, size);
    try {
      // The declared size is what is billed.
      if (part.size !== undefined && part.size !== size)
        throw new HubError('108', `the attachment has ${size} bytes, but ${part.size} were declared`);
      if (sha256 !== hash.value) throw new HubError('108', 'the content does not match its hash');
      const { contentType, meta } = await inspect(path, size, tools);
      const filename = cleanName(part.filename);
      return new MediaFile(path, { contentType, size, sha256, filename, meta: { ...part.meta, ...meta } });
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }

  /** A link in place of an attachment that the network cannot show; a placeholder if the hub gives no link. */
  private async asLink(event: MessageEvent, part: ExternalPart, why: MediaFailure): Promise<InWords> {
    const { url } = await this.link(event, part);
    if (url === undefined) return this.inWords(part, why);
    const phrases = PHRASES[this.capabilities().language];
    const { filename, description, contentType } = part;
    const name = filename === undefined ? description : fittingName(filename, contentType);
    return {
      act: 'words',
      words: placeholder(part, phrases.mediaLink(mediaKindOf(part), name, url)),
      degradations: [this.note(part, 0, DEGRADATION_RULES.link)],
    };
  }

  /** Without `url`: the hub makes no link to it. @throws HubError 91, 96: it may make one later */
  private async link(event: MessageEvent, part: ExternalPart): Promise<{ url?: string | undefined }> {
    const { network } = this.pipeline;
    try {
      return await ask(this.connection, requests.link(network), { event: event.id, part });
    } catch (error) {
      if (!(error instanceof RequestProblem) || error.code === '91' || error.code === '96') throw error;
      this.connection.log.warn(
        { code: error.code, reason: error.detail },
        'the hub made no link to an attachment',
      );
      return {};
    }
  }

  private inWords(part: ExternalPart, failure: MediaFailure): InWords {
    metrics.mediaFailures.inc({ network: this.pipeline.network, code: failure });
    const words = placeholder(part, mediaInWords(part, failure, PHRASES[this.capabilities().language]));
    return {
      act: 'words',
      words,
      failure,
      degradations: [this.note(part, 0, DEGRADATION_RULES.placeholder)],
    };
  }

  private note(part: ExternalPart, level: 0 | 1, rule: string): Degradation {
    return { feature: mediaFeature(part), level, rule, by: this.pipeline.network };
  }
}
