/** Pictures for bots: a bot downloads them from this adapter, by an address that only this bot was told. */
import { createHmac, randomBytes } from 'node:crypto';
import type { Hub } from '#adapter-kit';
import type { MediaFile } from '#media';
import type { Segment } from '#onebot';
import { HubError, type ExternalPart, type MediaUrl } from '#protocol';
import { secretsEqual } from '#service';
import type { Bot } from './onebot.config.js';

export const MEDIA_PATH = 'media';

export class Pictures {
  /** @param base the address under which bots reach this adapter */
  constructor(
    private readonly hub: Hub,
    private readonly base: string,
  ) {}

  /** `keeps`: what must stay in the media store until the bot has downloaded it. @throws HubError 91 */
  async segmentOf(bot: Bot, file: MediaFile): Promise<{ segment: Segment; keeps: MediaUrl[] }> {
    const kept = await this.hub.attachments.keep(file);
    const id = randomBytes(16).toString('base64url');
    await this.hub.recent.put(`media.${id}`, kept);
    const path = `/${MEDIA_PATH}/${bot.selfId}/${id}`;
    const url = `${this.base.replace(/\/$/, '')}${path}?key=${keyOf(bot, path)}`;
    const data = { file: file.filename ?? id, url, file_size: String(file.size) };
    return { segment: { type: 'image', data }, keeps: kept.url ? [kept.url] : [] };
  }

  /** @throws HubError 14, 91 */
  async find(id: string): Promise<ExternalPart & { size: number }> {
    const part = /^[\w-]{22}$/.test(id)
      ? ((await this.hub.recent.get(`media.${id}`)) as ExternalPart | undefined)
      : undefined;
    if (part?.size === undefined) throw new HubError('14', 'no such picture');
    return { ...part, size: part.size };
  }

  read(part: ExternalPart, from: number, to: number): AsyncIterable<Buffer> {
    return this.hub.attachments.read(part, from, to);
  }
}

/** @throws HubError 31 */
export function checkKey(bot: Bot | undefined, path: string, key: string): void {
  if (!bot || !secretsEqual(key, keyOf(bot, path))) throw new HubError('31', 'key: not that of this picture');
}

function keyOf({ token }: Bot, path: string): string {
  return createHmac('sha256', token).update(path).digest('base64url');
}
