/** Somebody on WhatsApp, with the business in their list of chats. */
import { ClientPerson, fileToSend, NotHere, SAMPLE, type Act, type Sight } from '#simulators';
import type { Chat } from './chat.js';
import { ACCOUNT_NUMBER } from './ids.js';

type Send = Extract<Act, { do: 'send' }>;

/** The business shows as its verified name. */
const BUSINESS_NAME = 'Hutong';

export class WhatsAppPerson extends ClientPerson {
  name: string;
  /** ms since 1970, by the clock of the simulator. */
  lastWroteAt: number | undefined;

  constructor(
    readonly native: string,
    private readonly chat: Chat,
  ) {
    super();
    this.name = `+${native}`;
  }

  contacts(): { native: string; name: string; state: string }[] {
    return [{ native: ACCOUNT_NUMBER, name: BUSINESS_NAME, state: '' }];
  }

  async act(act: Act): Promise<{ id: string }> {
    switch (act.do) {
      case 'write':
        return this.write(act);
      case 'send':
        return this.send(act);
      case 'place': {
        const { latitude, longitude, name } = act;
        return this.say(act.to, 'location', { latitude, longitude, ...(name === undefined ? {} : { name }) });
      }
      case 'react': {
        const reaction = { message_id: act.target, emoji: act.emoji.at(-1) ?? '' };
        return this.say(act.to, 'reaction', reaction);
      }
      case 'read':
        return this.read(act.target);
      case 'look':
        this.name = act.name ?? this.name;
        return { id: this.native };
      case 'edit':
      case 'recall':
        // The business learns only that something of no supported type came.
        return this.say(act.to, 'unsupported', { type: act.do });
      case 'type':
      case 'call':
      case 'nudge':
      case 'appear':
      case 'add':
      case 'remove':
      case 'answer':
        throw new NotHere(act.do, 'whatsapp');
    }
  }

  /** Shows a message of the business. */
  receive(sight: Omit<Sight, 'n' | 'at' | 'from'>): void {
    this.seen.see({ from: ACCOUNT_NUMBER, name: BUSINESS_NAME, ...sight });
  }

  /** The business has read the messages up to this one. */
  seeRead(target: string): void {
    this.seen.see({ kind: 'read', from: ACCOUNT_NUMBER, id: `read-${target}`, target });
  }

  private say(to: string, type: string, content: object, more: object = {}): { id: string } {
    if (to !== ACCOUNT_NUMBER) throw new Error(`write to the business, ${ACCOUNT_NUMBER}`);
    return { id: this.chat.say(this, { ...more, type, [type]: content }) };
  }

  private write({ to, text, quote }: Extract<Act, { do: 'write' }>): { id: string } {
    const context = quote === undefined ? {} : { context: { from: ACCOUNT_NUMBER, id: quote } };
    return this.say(to, 'text', { body: text }, context);
  }

  private read(target: string): { id: string } {
    const sent = this.chat.sent.get(target);
    if (!sent) throw new Error(`the business sent no message ${target}`);
    this.chat.tell(sent, 'read');
    return { id: target };
  }

  private async send({ to, what, fields, file }: Send): Promise<{ id: string }> {
    const { caption } = fields;
    switch (what) {
      case 'image':
      case 'voice':
      case 'video':
      case 'file': {
        const { name, bytes, type } = await fileToSend(file);
        const medium = this.keep(bytes, type);
        const said = caption === undefined ? {} : { caption };
        if (what === 'file') return this.say(to, 'document', { ...medium, ...said, filename: name });
        if (what === 'voice') return this.say(to, 'audio', { ...medium, voice: true });
        return this.say(to, what, { ...medium, ...said });
      }
      case 'sticker':
        return this.say(to, 'sticker', { ...this.keep(SAMPLE, 'image/webp'), animated: false });
      case 'location': {
        const numbers = { latitude: Number(fields['latitude']), longitude: Number(fields['longitude']) };
        const name = fields['name'] ?? fields['label'];
        return this.say(to, 'location', { ...numbers, ...(name === undefined ? {} : { name }) });
      }
      case 'card': {
        const { name: formatted_name = '', phone = '' } = fields;
        const name = { formatted_name, first_name: formatted_name };
        return { id: this.chat.say(this, { type: 'contacts', contacts: [{ name, phones: [{ phone }] }] }) };
      }
      case 'link':
        throw new NotHere('send', 'whatsapp a link');
    }
  }

  private keep(bytes: Buffer, type: string) {
    const id = this.chat.keep({ bytes, type });
    return { id, mime_type: type.startsWith('audio/ogg') ? 'audio/ogg; codecs=opus' : type };
  }
}
