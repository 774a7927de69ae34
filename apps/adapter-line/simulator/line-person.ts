/** A LINE user who follows the official account. */
import { ClientPerson, fileToSend, NotHere, type Act } from '#simulators';
import type { Chat } from './chat.js';
import { ACCOUNT_ID } from './ids.js';
import type { MessageObject } from './message-rules.js';

type Send = Extract<Act, { do: 'send' }>;

/** Message types of the client. */
const TYPES = { image: 'image', voice: 'audio', video: 'video', file: 'file' } as const;
const SAMPLE_MS = 1000;

interface Head {
  from: string;
  name: string;
  id: string;
  target: string | undefined;
}

export class LinePerson extends ClientPerson {
  name: string;
  pictureUrl: string | undefined;
  /** False if the person has blocked the account or never added it. */
  follows = true;

  constructor(
    readonly native: string,
    private readonly chat: Chat,
  ) {
    super();
    this.name = `LINE ${native.slice(1, 5)}`;
  }

  contacts(): { native: string; name: string; state: string }[] {
    return this.follows ? [{ native: ACCOUNT_ID, name: this.chat.accountName, state: '' }] : [];
  }

  async act(act: Act): Promise<{ id: string }> {
    switch (act.do) {
      case 'write':
        return this.write(act);
      case 'send':
        return this.send(act);
      case 'place':
        return this.sendPlace(act);
      case 'recall':
        this.chat.tell(this, { type: 'unsend', unsend: { messageId: act.target } });
        return { id: act.target };
      case 'look':
        return this.look(act);
      case 'add':
      case 'remove':
        return this.follow(act.do === 'add');
      case 'edit':
      case 'react':
      case 'read':
      case 'type':
      case 'call':
      case 'nudge':
      case 'appear':
      case 'answer':
        throw new NotHere(act.do, 'line');
    }
  }

  receive({ target, ...head }: Head, { type = '', text, originalContentUrl: url }: MessageObject): void {
    const about = target === undefined ? head : { ...head, target };
    if (type === 'text') this.seen.see({ kind: 'text', ...about, text: text ?? '' });
    else
      this.seen.see({
        kind: 'media',
        ...about,
        state: type,
        ...(url === undefined ? {} : { media: { url } }),
      });
  }

  /** The loading animation. */
  seeLoading(): void {
    this.seen.see({
      kind: 'typing',
      from: ACCOUNT_ID,
      id: `loading-${this.seen.sights.length}`,
      state: 'composing',
    });
  }

  private write({ to, text, quote }: Extract<Act, { do: 'write' }>): { id: string } {
    mustBeAccount(to);
    const quoted = quote === undefined ? {} : { quotedMessageId: quote };
    return { id: this.chat.say(this, { type: 'text', text, ...quoted }) };
  }

  private sendPlace({ to, latitude, longitude, name: title }: Extract<Act, { do: 'place' }>): { id: string } {
    mustBeAccount(to);
    const place = { latitude, longitude, ...(title === undefined ? {} : { title }) };
    return { id: this.chat.say(this, { type: 'location', address: '1 Example Street', ...place }) };
  }

  private look({ name = this.name, picture }: Extract<Act, { do: 'look' }>): { id: string } {
    this.name = name;
    if (picture !== undefined) this.pictureUrl = picture === '' ? undefined : picture;
    return { id: this.native };
  }

  private follow(follows: boolean): { id: string } {
    const follow = { isUnblocked: !this.follows };
    const added = { type: 'follow', replyToken: this.chat.replyToken(this), follow };
    this.chat.tell(this, follows ? added : { type: 'unfollow' });
    this.follows = follows;
    return { id: this.native };
  }

  private async send({ to, what, fields, file }: Send): Promise<{ id: string }> {
    mustBeAccount(to);
    switch (what) {
      case 'image':
      case 'voice':
      case 'video':
      case 'file': {
        const { name, bytes, type } = await fileToSend(file);
        const more =
          what === 'file'
            ? { fileName: name, fileSize: bytes.length }
            : { contentProvider: { type: 'line' }, ...(what === 'image' ? {} : { duration: SAMPLE_MS }) };
        const message = { type: TYPES[what], ...more, ...fields };
        return { id: this.chat.say(this, message, { bytes, type }) };
      }
      case 'sticker': {
        const sticker = { packageId: '446', stickerId: '1988', stickerResourceType: 'STATIC' };
        const keywords = (fields['keywords'] ?? 'hello').split(',');
        return { id: this.chat.say(this, { type: 'sticker', ...sticker, keywords }) };
      }
      case 'location': {
        const numbers = { latitude: Number(fields['latitude']), longitude: Number(fields['longitude']) };
        return { id: this.chat.say(this, { type: 'location', address: '', ...fields, ...numbers }) };
      }
      case 'card':
      case 'link':
        throw new NotHere('send', `line a ${what}`);
    }
  }
}

/** People of remote networks have no accounts in LINE. */
function mustBeAccount(to: string): void {
  if (to !== ACCOUNT_ID) throw new Error(`write to the official account, ${ACCOUNT_ID}`);
}
