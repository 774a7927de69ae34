/** Where an adapter handles media: its scratch folder, its tools, its place in the media store. */
import { createHmac } from 'node:crypto';
import { availableParallelism, tmpdir } from 'node:os';
import pLimit from 'p-limit';
import { z } from 'zod';
import { MediaStore, type BusConnection } from '#bus';
import {
  Converter,
  downloadSettings,
  Downloader,
  MediaTools,
  mediaToolSettings,
  Scratch,
  type HostRules,
  MediaFile,
  type Received,
} from '#media';
import {
  HubError,
  mediaPlace,
  mediaUrl,
  type Capabilities,
  type ExternalPart,
  type MediaPlace,
  type Network,
} from '#protocol';
import type { Log } from '#service';
import { TextPriority } from './text-priority.js';
import { Transfers } from './transfers.js';

const MB = 1024 * 1024;
/** Measured: beyond it, the slowest texts take notably longer (`npm run bench -- --only media`). */
const BESIDE_TEXT_MB_PER_CORE = 2;
/** Transfers at once, in each direction. */
const AT_ONCE = 2;

export const mediaSettings = {
  ...mediaToolSettings,
  ...downloadSettings,
  MEDIA_MAX_MB: z.coerce
    .number()
    .int()
    .min(1)
    .max(2048)
    .default(100)
    .describe('Larger media are not carried; the rest of the message is'),
  MEDIA_BESIDE_TEXT_MB: z.coerce
    .number()
    .positive()
    .optional()
    .describe(
      `MB a second that media take while text flows; ${BESIDE_TEXT_MB_PER_CORE} for each core of the machine, if absent. Without text, all that there is`,
    ),
  MEDIA_FOLDER: z
    .string()
    .optional()
    .describe('For files in transit; emptied at the start. A folder of the system, if absent'),
  MEDIA_KEEP_PLACE: z
    .stringbool()
    .default(false)
    .describe('Leave in pictures where they were made; otherwise it is taken out'),
};
export type MediaSettings = z.infer<z.ZodObject<typeof mediaSettings>>;

export interface Seal {
  place: MediaPlace;
  key: Buffer;
}

export class AttachmentPipeline {
  readonly incoming = pLimit(AT_ONCE);
  readonly outgoing = pLimit(AT_ONCE);

  private constructor(
    readonly network: Network,
    readonly settings: MediaSettings,
    readonly scratch: Scratch,
    readonly tools: MediaTools | undefined,
    readonly converter: Converter,
    readonly downloader: Downloader,
    readonly textPriority: TextPriority,
    private readonly transfers: Transfers,
    private readonly store: MediaStore,
    private readonly secret: Buffer,
  ) {}

  static async open(
    network: Network,
    settings: MediaSettings,
    link: BusConnection,
    secret: Buffer,
    log: Log,
  ): Promise<AttachmentPipeline> {
    const {
      MEDIA_FOLDER: folder,
      MEDIA_BESIDE_TEXT_MB: besideText = BESIDE_TEXT_MB_PER_CORE * availableParallelism(),
    } = settings;
    const bytesPerMs = (besideText * MB) / 1000;
    const scratch = folder ? Scratch.open(folder) : Scratch.ofProcess(tmpdir(), `hutong-media-${network}`);
    const tools = await MediaTools.find(settings);
    if (!tools)
      log.warn('ffmpeg with the codecs of phones is not there: voice notes cross as files, as they are');
    return new AttachmentPipeline(
      network,
      settings,
      scratch,
      tools,
      new Converter(scratch, tools),
      new Downloader(settings satisfies HostRules),
      new TextPriority(bytesPerMs),
      new Transfers(link.options, bytesPerMs),
      new MediaStore(link),
      secret,
    );
  }

  /** A text comes or goes. */
  pauseTransfersForText(): void {
    this.textPriority.pauseTransfersForText();
    this.transfers.pauseTransfersForText();
  }

  get maxBytes(): number {
    return this.settings.MEDIA_MAX_MB * MB;
  }

  /** The same content has the same place and the same key, so that it is stored once; nobody else can tell which it is. */
  sealOf(sha256: string): Seal {
    const derive = (use: string) => createHmac('sha256', this.secret).update(`${use} ${sha256}`).digest();
    return {
      place: { network: this.network, object: derive('object').toString('base64url') },
      key: derive('key'),
    };
  }

  /** Stores a file; one of the same content is there already. */
  async keep(file: MediaFile): Promise<ExternalPart> {
    const { sha256 } = file.facts;
    const { place, key } = this.sealOf(sha256);
    await this.transfers.store(place, key, file.path);
    const { filename, contentType, size, meta } = file.facts;
    return {
      kind: 'external',
      disposition: 'attachment',
      contentType,
      url: mediaUrl(place),
      size,
      hash: { alg: 'sha-256', value: sha256 },
      seal: { alg: 'aes-256-gcm-blocks', key: key.toString('base64url') },
      ...(filename === undefined ? {} : { filename }),
      meta,
    };
  }

  /** Onto this machine's disk. @throws HubError 105, 107, 108, 91 */
  async fetch({ url, seal, grant }: ExternalPart, maxBytes = this.maxBytes): Promise<Received> {
    if (!url || !seal) throw new HubError('107', 'the medium has no place, or no key');
    const path = this.scratch.path();
    const key = Buffer.from(seal.key, 'base64url');
    return { path, ...(await this.transfers.fetch(mediaPlace(url, grant), key, path, maxBytes)) };
  }

  /** A stranger's picture as an avatar: a small JPEG, whatever it was. @throws HubError 105, 106, 91 */
  async avatarOf(picture: string): Promise<MediaFile> {
    const path = this.scratch.path();
    const { size, sha256 } = await this.transfers.scale(picture, path);
    return new MediaFile(path, { contentType: 'image/jpeg', size, sha256, meta: {} });
  }

  /** @param to last byte wanted. @throws HubError 107, 108, 91 */
  read({ url, seal, grant }: ExternalPart, from = 0, to = Infinity): AsyncIterable<Buffer> {
    if (!url || !seal) throw new HubError('107', 'the medium has no place, or no key');
    return this.store.read(mediaPlace(url, grant), Buffer.from(seal.key, 'base64url'), from, to);
  }

  /** What the adapter says of itself, and what this machine can do. */
  capabilities(told: Capabilities): Capabilities {
    if (!told.media) return told;
    const { converts } = this.converter;
    return { ...told, version: `${told.version}+${converts.join('-')}`, media: { ...told.media, converts } };
  }

  async close(): Promise<void> {
    await this.converter.close();
    await this.downloader.close();
    this.transfers.close();
    this.scratch.close();
  }
}
