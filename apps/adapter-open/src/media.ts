/** Uploads and downloads of the open interface: a network uploads its attachments, and downloads those of others. */
import { randomBytes } from 'node:crypto';
import type { Hub, OutgoingAttachment } from '#adapter-kit';
import type { MediaFile } from '#media';
import { CARD, cleanName, HubError, type ExternalPart, type LeafPart, type MediaUrl } from '#protocol';
import type { OpenMedia, Uploaded } from './open.schema.js';

const KEY = 'media';

export class OpenMediaDesk {
  constructor(private readonly hub: Hub) {}

  /** @param sha256 in hex, as it was signed. @throws HubError 105, 107, 108, 91 */
  async upload(
    content: AsyncIterable<Uint8Array>,
    filename: string | undefined,
    sha256: string,
  ): Promise<Uploaded> {
    const about = { disposition: 'attachment' as const, sha256, ...(filename ? { filename } : {}) };
    const part = await this.hub.attachments.take(content, about);
    const id = await this.remember(part);
    if (part.kind === 'external') return { media: id, type: part.contentType, size: part.size ?? 0, sha256 };
    return {
      media: id,
      type: CARD,
      size: part.kind === 'single' ? Buffer.byteLength(part.content) : 0,
      sha256,
    };
  }

  /** The attachment that an event of the network refers to. @throws HubError 30 when it refers to no upload */
  async named(media: OpenMedia, disposition: ExternalPart['disposition']): Promise<LeafPart> {
    const { id, type, name, meaning, voice, seconds } = media;
    const filename = cleanName(name);
    const about = {
      ...(filename ? { filename } : {}),
      ...(meaning ? { description: meaning } : {}),
    };
    if (id === undefined) return { kind: 'external', disposition, contentType: type, ...about };
    const part = await this.find(id);
    if (!part) throw new HubError('30', 'media.id is not one that an upload gave');
    if (part.kind !== 'external') return part;
    const meta = {
      ...(seconds === undefined ? {} : { durationMs: Math.round(seconds * 1000) }),
      ...part.meta,
      ...(voice ? { voice } : {}),
    };
    return { ...part, ...about, disposition, meta };
  }

  /** The attachment of an event to the network. `keeps` lists the media that must stay until the network has downloaded them. */
  async shown({ file, as, part }: OutgoingAttachment): Promise<{ media: OpenMedia; keeps: MediaUrl[] }> {
    const kept = await this.hub.attachments.keep(file);
    const { width, height, durationMs } = file.facts.meta;
    const media = {
      id: await this.remember({ ...kept, filename: file.filename }),
      type: file.contentType,
      name: file.filename,
      size: file.size,
      ...(durationMs === undefined ? {} : { seconds: durationMs / 1000 }),
      ...(width && height ? { width, height } : {}),
      ...(as === 'voice' ? { voice: true } : {}),
      ...(part.description ? { meaning: part.description } : {}),
    };
    return { media, keeps: kept.url ? [kept.url] : [] };
  }

  /** Stores an image that the network will download. @returns its id */
  async kept(file: MediaFile): Promise<string> {
    return this.remember(await this.hub.attachments.keep(file));
  }

  /** @throws HubError 14 */
  async fetched(id: string): Promise<ExternalPart & { size: number }> {
    const part = await this.find(id);
    if (part?.kind !== 'external' || part.size === undefined) throw new HubError('14', 'no such medium');
    return { ...part, size: part.size };
  }

  read(part: ExternalPart, from: number, to: number): AsyncIterable<Buffer> {
    return this.hub.attachments.read(part, from, to);
  }

  private async remember(part: LeafPart): Promise<string> {
    const id = randomBytes(16).toString('base64url');
    await this.hub.recent.put(`${KEY}.${id}`, part);
    return id;
  }

  private async find(id: string): Promise<LeafPart | undefined> {
    return /^[\w-]{8,64}$/.test(id)
      ? ((await this.hub.recent.get(`${KEY}.${id}`)) as LeafPart | undefined)
      : undefined;
  }
}
