/** What an adapter needs to handle attachments: scratch folder, conversion tools, downloads, access to the media store. */
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
/** MB per second. Measured: with more, the slowest texts take notably longer (`npm run bench -- --only media`). */
const BESIDE_TEXT_MB_PER_CORE = 2;
/** Attachments that are handled at the same time, in each direction. */
const AT_ONCE = 2;

export const attachmentSettings = {
  ...mediaToolSettings,
  ...downloadSettings,
  MEDIA_MAX_MB: z.coerce
    .number()
    .int()
    .min(1)
    .max(2048)
    .default(100)
    .describe(
      'Maximum size of an attachment, in MB. A larger one is left out, the rest of the message is delivered, and the sender is notified (code 105)',
    ),
  MEDIA_BESIDE_TEXT_MB: z.coerce
    .number()
    .positive()
    .optional()
    .describe(
      `Maximum rate of attachments while text messages are delivered, in MB per second. Default: ${BESIDE_TEXT_MB_PER_CORE} for each CPU core. Without text there is no limit`,
    ),
  MEDIA_NICENESS: z.coerce
    .number()
    .int()
    .min(0)
    .max(19)
    .default(19)
    .describe(
      'Priority of the process that transfers attachments, as in nice(1): 0 that of the adapter, 19 the lowest. With 19, texts never wait for attachments, and attachments wait while the machine is busy',
    ),
  MEDIA_FOLDER: z
    .string()
    .optional()
    .describe(
      'Folder for attachments during their transfer; emptied at start. Default: a folder in the temporary folder of the system',
    ),
  MEDIA_KEEP_PLACE: z
    .stringbool()
    .default(false)
    .describe('true: keep the place where a picture was taken (GPS data). Default: it is removed'),
};
export type AttachmentSettings = z.infer<z.ZodObject<typeof attachmentSettings>>;

export interface Seal {
  place: MediaPlace;
  key: Buffer;
}

export interface PipelineOptions {
  network: Network;
  settings: AttachmentSettings;
  connection: BusConnection;
  /** Shared by all processes of this network's adapter; keys and names in the media store are derived from it. */
  secret: Buffer;
  log: Log;
}

export class AttachmentPipeline {
  readonly incoming = pLimit(AT_ONCE);
  readonly outgoing = pLimit(AT_ONCE);

  readonly network: Network;
  readonly settings: AttachmentSettings;
  readonly scratch: Scratch;
  readonly tools: MediaTools | undefined;
  readonly converter: Converter;
  readonly downloader: Downloader;
  readonly textPriority: TextPriority;
  private readonly transfers: Transfers;
  private readonly store: MediaStore;
  private readonly secret: Buffer;

  private constructor(options: PipelineOptions, tools: MediaTools | undefined) {
    const { network, settings, connection, secret } = options;
    const {
      MEDIA_FOLDER: folder,
      MEDIA_BESIDE_TEXT_MB: besideText = BESIDE_TEXT_MB_PER_CORE * availableParallelism(),
    } = settings;
    const bytesPerMs = (besideText * MB) / 1000;
    this.network = network;
    this.settings = settings;
    this.secret = secret;
    this.tools = tools;
    this.scratch = folder ? Scratch.open(folder) : Scratch.ofProcess(tmpdir(), `hutong-media-${network}`);
    this.converter = new Converter(this.scratch, tools);
    this.downloader = new Downloader(settings satisfies HostRules);
    this.textPriority = new TextPriority(bytesPerMs);
    this.transfers = new Transfers(connection.options, bytesPerMs, settings.MEDIA_NICENESS);
    this.store = new MediaStore(connection);
  }

  static async open(options: PipelineOptions): Promise<AttachmentPipeline> {
    const tools = await MediaTools.find(options.settings);
    if (!tools)
      options.log.warn(
        'ffmpeg with the codecs of phones is missing: voice notes are sent as files, not converted',
      );
    return new AttachmentPipeline(options, tools);
  }

  /** Call for each text in either direction: transfers slow down, so that the text is not delayed. */
  pauseTransfersForText(): void {
    this.textPriority.pauseTransfersForText();
    this.transfers.pauseTransfersForText();
  }

  get maxBytes(): number {
    return this.settings.MEDIA_MAX_MB * MB;
  }

  /** Derives object name and key from the content's hash: equal content is stored once, and nobody without the secret can tell what it is. */
  sealOf(sha256: string): Seal {
    const derive = (use: string) => createHmac('sha256', this.secret).update(`${use} ${sha256}`).digest();
    return {
      place: { network: this.network, object: derive('object').toString('base64url') },
      key: derive('key'),
    };
  }

  /** Stores a file in the media store. Content that is stored already is not stored again. @throws HubError 91 */
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

  /** Fetches an object of the media store to the local disk; the caller deletes the file. @throws HubError 105, 107, 108, 91 */
  async fetch({ url, seal, grant }: ExternalPart, maxBytes = this.maxBytes): Promise<Received> {
    if (!url || !seal) throw new HubError('107', 'the attachment has no URL, or no key');
    const path = this.scratch.path();
    const key = Buffer.from(seal.key, 'base64url');
    return { path, ...(await this.transfers.fetch(mediaPlace(url, grant), key, path, maxBytes)) };
  }

  /** Re-encodes an image from an untrusted source as a small JPEG. @throws HubError 105, 106, 91 */
  async avatarOf(picture: string): Promise<MediaFile> {
    const path = this.scratch.path();
    const { size, sha256 } = await this.transfers.scale(picture, path);
    return new MediaFile(path, { contentType: 'image/jpeg', size, sha256, meta: {} });
  }

  /** @param from first byte @param to last byte @throws HubError 107, 108, 91 */
  read({ url, seal, grant }: ExternalPart, from = 0, to = Infinity): AsyncIterable<Buffer> {
    if (!url || !seal) throw new HubError('107', 'the attachment has no URL, or no key');
    return this.store.read(mediaPlace(url, grant), Buffer.from(seal.key, 'base64url'), from, to);
  }

  /** The capabilities of the adapter, with the formats that this machine can convert to. */
  capabilities(declared: Capabilities): Capabilities {
    if (!declared.media) return declared;
    const { converts } = this.converter;
    const version = `${declared.version}+${converts.join('-')}`;
    return { ...declared, version, media: { ...declared.media, converts } };
  }

  async close(): Promise<void> {
    await this.converter.close();
    await this.downloader.close();
    this.transfers.close();
    this.scratch.close();
  }
}
