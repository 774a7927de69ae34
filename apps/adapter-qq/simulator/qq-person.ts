/** Somebody on QQ who has the account among their contacts. */
import { ClientPerson, fileToSend, NotHere, type Act } from '#simulators';
import type { Chat } from './chat.js';
import { ACCOUNT, ACCOUNT_NAME } from './ids.js';

type Send = Extract<Act, { do: 'send' }>;
type Write = Extract<Act, { do: 'write' }>;

interface Head {
  from: string;
  id: string;
  quotes: number | undefined;
}

export class QqPerson extends ClientPerson {
  name: string;
  /** False after the person has removed the account. */
  isFriend = true;

  constructor(
    readonly native: string,
    private readonly chat: Chat,
  ) {
    super();
    this.name = `QQ ${native.slice(-4)}`;
  }

  contacts(): { native: string; name: string; state: string }[] {
    return this.isFriend ? [{ native: ACCOUNT, name: ACCOUNT_NAME, state: '' }] : [];
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
        return this.recall(act.target);
      case 'look':
        if (act.name !== undefined) this.name = act.name;
        return { id: this.native };
      case 'add':
        this.isFriend = true;
        this.chat.reports.befriended(this);
        return { id: this.native };
      case 'remove':
        this.isFriend = false;
        return { id: this.native };
      case 'edit':
      case 'react':
      case 'read':
      case 'type':
      case 'call':
      case 'nudge':
      case 'appear':
      case 'answer':
        throw new NotHere(act.do, this.chat.network);
    }
  }

  receive(head: Head, { text, media }: { text?: string; media?: { kind: string; url: string } }): void {
    const { from, id, quotes } = head;
    const about = {
      from,
      name: ACCOUNT_NAME,
      id,
      ...(quotes === undefined ? {} : { target: String(quotes) }),
    };
    const words = text === undefined ? {} : { text };
    if (media)
      this.seen.see({ kind: 'media', ...about, ...words, state: media.kind, media: { url: media.url } });
    else this.seen.see({ kind: 'text', ...about, ...words });
  }

  seeRecall(target: string): void {
    this.seen.see({ kind: 'recall', from: ACCOUNT, id: `recall-${target}`, target });
  }

  private write({ to, text, quote }: Write): { id: string } {
    mustBeAccount(to);
    const quoted = quote === undefined ? {} : { quotes: Number(quote) || 0 };
    return { id: String(this.chat.fromPerson(this, { text, ...quoted }).id) };
  }

  private recall(target: string): { id: string } {
    const message = this.chat.messages.get(Number(target));
    if (!message?.byPerson || message.person !== this)
      throw new Error('only messages of your own are recalled');
    this.chat.reports.recalled(message);
    return { id: target };
  }

  private sendPlace({ to, latitude, longitude, name = '' }: Extract<Act, { do: 'place' }>): { id: string } {
    mustBeAccount(to);
    return { id: String(this.chat.fromPerson(this, { place: { latitude, longitude, name } }).id) };
  }

  private async send({ to, what, fields, file }: Send): Promise<{ id: string }> {
    mustBeAccount(to);
    switch (what) {
      case 'image':
      case 'voice':
      case 'video':
      case 'file': {
        const { name, bytes, type } = await fileToSend(file);
        const key = this.chat.keep({ name, type, bytes });
        return { id: String(this.chat.fromPerson(this, { file: { kind: what, key, name } }).id) };
      }
      case 'sticker':
        return { id: String(this.chat.fromPerson(this, { dice: 6 }).id) };
      case 'location': {
        const { latitude, longitude, label = '' } = fields;
        const place = { latitude: Number(latitude), longitude: Number(longitude), name: label };
        return { id: String(this.chat.fromPerson(this, { place }).id) };
      }
      case 'card':
      case 'link':
        throw new NotHere('send', `${this.chat.network} a ${what}`);
    }
  }
}

/** People of remote networks have no accounts on QQ. */
function mustBeAccount(to: string): void {
  if (to !== ACCOUNT) throw new Error(`write to the account, ${ACCOUNT}`);
}
