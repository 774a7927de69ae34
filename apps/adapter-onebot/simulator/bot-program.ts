/** A bot on OneBot 11, with a person at its keys: what it is told is its timeline, what they do are its actions. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { NotHere, Timeline, type Act, type Person, type Sight } from '#simulators';
import type { BotAccount } from './ids.js';
import { OneBotClient, type OneBotEvent, type Segment } from './onebot-client.js';

const SEGMENTS: Readonly<Record<string, string>> = { image: 'image', voice: 'record', video: 'video' };

/** An event that is older shows its time. */
const LATE_MS = 5000;

type Send = Extract<Act, { do: 'send' }>;

export class BotProgram implements Person {
  readonly native: string;
  readonly name: string;
  private readonly seen = new Timeline();
  private readonly known = new Map<string, { native: string; name: string; state: string }>();
  private readonly client: OneBotClient;

  constructor({ number, name, token }: BotAccount, url: string) {
    this.native = number;
    this.name = name;
    this.client = new OneBotClient(url, token, (event) => this.see(event));
  }

  get timeline(): readonly Sight[] {
    return this.seen.sights;
  }

  onSight(listener: (sight: Sight) => void): () => void {
    return this.seen.on(listener);
  }

  contacts(): { native: string; name: string; state: string }[] {
    return [...this.known.values()];
  }

  close(): void {
    this.client.close();
  }

  act(act: Act): Promise<{ id: string }> {
    switch (act.do) {
      case 'write':
        return this.say(act.to, [
          ...(act.quote ? [{ type: 'reply', data: { id: act.quote } }] : []),
          { type: 'text', data: { text: act.text } },
        ]);
      case 'send':
        return this.send(act);
      case 'place': {
        const { latitude, longitude, name = '' } = act;
        const data = { lat: String(latitude), lon: String(longitude), title: name };
        return this.say(act.to, [{ type: 'location', data }]);
      }
      case 'recall':
        return this.call('delete_msg', { message_id: Number(act.target) }).then(() => ({ id: act.target }));
      default:
        return Promise.reject(new NotHere(act.do, 'bots'));
    }
  }

  private async send({ to, what, fields, file }: Send): Promise<{ id: string }> {
    const type = SEGMENTS[what];
    if (type !== undefined) {
      const bytes = file === undefined ? Buffer.from('a small file') : await readFile(file);
      const name = basename(file ?? 'a small file');
      return this.say(to, [{ type, data: { file: `base64://${bytes.toString('base64')}`, name } }]);
    }
    if (what === 'location') {
      const { latitude = '', longitude = '', label = '' } = fields;
      return this.say(to, [{ type: 'location', data: { lat: latitude, lon: longitude, title: label } }]);
    }
    if (what === 'link') {
      const { url = '', title = '' } = fields;
      return this.say(to, [{ type: 'share', data: { url, title } }]);
    }
    if (what === 'sticker') return this.say(to, [{ type: 'dice', data: { text: fields['meaning'] ?? '' } }]);
    throw new NotHere('send', `bots (${what})`);
  }

  private async say(to: string, message: Segment[]): Promise<{ id: string }> {
    const user_id = /^\d+$/.test(to) ? Number(to) : to;
    const data = (await this.call('send_private_msg', { user_id, message })) as { message_id: number };
    return { id: String(data.message_id) };
  }

  private call(action: string, params: object): Promise<unknown> {
    return this.client.call(action, params);
  }

  private see(event: OneBotEvent): void {
    const from = String(event.user_id ?? '');
    const target = String(event.message_id ?? '');
    const id = `${event.notice_type ?? ''} ${target} ${event.time}`;
    if (event.notice_type === 'friend_recall') this.seen.see({ kind: 'recall', from, id, target });
    if (event.notice_type === 'hutong_message_failed')
      this.seen.see({ kind: 'failed', from, id, target, text: `${event.reason} (${event.code})` });
    if (event.post_type === 'message' && event.message_type === 'private') this.read(event, from, target);
  }

  private read({ message = [], sender, time }: OneBotEvent, from: string, id: string): void {
    const name = sender?.nickname ?? from;
    this.known.set(from, { native: from, name, state: '' });
    const text = message.flatMap(({ type, data }) => (type === 'text' ? [data['text'] ?? ''] : [])).join('');
    const image = message.find(({ type }) => type === 'image')?.data;
    const quote = message.find(({ type }) => type === 'reply')?.data['id'];
    this.seen.see({
      kind: image ? 'media' : 'text',
      from,
      name,
      id,
      ...(text === '' ? {} : { text }),
      ...(quote === undefined ? {} : { target: quote }),
      ...(image ? { state: 'image', media: { url: image['url'] ?? '' } } : {}),
      ...(Date.now() - time * 1000 > LATE_MS ? { since: new Date(time * 1000).toISOString() } : {}),
    });
  }
}
