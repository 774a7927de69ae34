/** Somebody on WeChat, with one contact of the hub after they have scanned its code. */
import { ClientPerson, fileToSend, NotHere, type Act, type Sight } from '#simulators';
import type { Bot } from './bot.js';
import { CHANNEL } from './ids.js';
import type { Fields } from './wire.js';

type Send = Extract<Act, { do: 'send' }>;

const SILK_START = Buffer.from('#!SILK_V3');
const [AMR, SILK] = [5, 6];

/** What a person needs of the service. */
export interface Service {
  scan(person: WeixinPerson, text: string): void;
  /** The newest code that is shown somewhere. */
  readonly unscanned: string | undefined;
  /** @returns the id of the message as clients know it */
  say(person: WeixinPerson, item: Fields): string;
  keep(content: Buffer): { media: Fields; aeskey: string };
  /** How quotes name the message. */
  readonly quotesBy: 'id' | 'server id' | 'text';
}

export class WeixinPerson extends ClientPerson {
  name: string;
  bot: Bot | undefined;
  /** By the clock of the service, ms since 1970. */
  lastWroteAt: number | undefined;
  /** Messages of the bot since then. */
  received = 0;

  constructor(
    readonly native: string,
    private readonly service: Service,
  ) {
    super();
    this.name = `微信 ${native.slice(6, 10)}`;
  }

  contacts(): { native: string; name: string; state: string }[] {
    return this.bot && !this.bot.isOver ? [{ native: CHANNEL, name: '互通', state: '' }] : [];
  }

  async act(act: Act): Promise<{ id: string }> {
    switch (act.do) {
      case 'write':
        return this.say(act.to, { type: 1, text_item: { text: act.text }, ...this.quoted(act.quote) });
      case 'send':
        return this.send(act);
      case 'add':
        return this.scan(act.who);
      case 'look':
        this.name = act.name ?? this.name;
        return { id: this.native };
      case 'place':
      case 'edit':
      case 'recall':
      case 'react':
      case 'read':
      case 'type':
      case 'call':
      case 'nudge':
      case 'appear':
      case 'remove':
      case 'answer':
        // Clients have most of it, but bots are not told.
        throw new NotHere(act.do, 'weixin');
    }
  }

  /** The client shows something of the bot. */
  receive(sight: Omit<Sight, 'n' | 'at' | 'from'>): void {
    this.seen.see({ from: CHANNEL, name: '互通', ...sight });
  }

  /** @param text of a QR code, or the contact: then the newest code that is shown anywhere */
  private scan(text: string): { id: string } {
    const code = text === CHANNEL ? this.service.unscanned : text;
    if (code === undefined) throw new Error('there is no QR code to scan');
    this.service.scan(this, code);
    return { id: this.native };
  }

  private say(to: string, item: Fields): { id: string } {
    if (!this.bot) throw new Error('scan the QR code of the hub first');
    if (to !== CHANNEL && to !== this.bot.id)
      throw new Error(`write to the contact that you have paired, ${CHANNEL}`);
    return { id: this.service.say(this, item) };
  }

  private quoted(shown: string | undefined): Fields {
    if (shown === undefined) return {};
    const id = shown.slice(shown.lastIndexOf('/') + 1);
    const text = this.seen.sights.find((sight) => sight.id === shown)?.text ?? '';
    switch (this.service.quotesBy) {
      case 'id':
        return { ref_msg: { message_item: { type: 0, create_time_ms: Date.now(), msg_id: id } } };
      case 'server id':
        return { ref_msg: { svr_id: id } };
      case 'text':
        return { ref_msg: { title: text, message_item: { type: 1, text_item: { text } } } };
    }
  }

  private async send({ to, what, fields, file }: Send): Promise<{ id: string }> {
    if (what === 'location' || what === 'card' || what === 'sticker')
      throw new NotHere('send', `weixin a ${what} to a bot`);
    // No type that is documented: what a later client may send.
    if (what === 'link') return this.say(to, { type: 9, link_item: { url: fields['Url'] ?? '' } });
    const { name: file_name, bytes: content } = await fileToSend(file);
    const { media, aeskey } = this.service.keep(content);
    switch (what) {
      case 'image':
        return this.say(to, { type: 2, image_item: { media, aeskey, mid_size: content.length } });
      case 'voice': {
        const isSilk = content.includes(SILK_START);
        const playtime = Math.max(1, Math.round(Number(fields['seconds'] ?? 1) * 1000));
        const encode_type = isSilk ? SILK : AMR;
        return this.say(to, { type: 3, voice_item: { media, encode_type, sample_rate: 24_000, playtime } });
      }
      case 'video':
        return this.say(to, { type: 5, video_item: { media, video_size: content.length, play_length: 1 } });
      case 'file':
        return this.say(to, { type: 4, file_item: { media, file_name, len: String(content.length) } });
    }
  }
}
