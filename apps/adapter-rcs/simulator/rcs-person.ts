/** Somebody with a telephone for 5G messages, and the chatbot among their chats. */
import { ClientPerson, fileToSend, NotHere, type Act, type Sight } from '#simulators';
import type { Chat } from './chat.js';
import { CHATBOT } from './ids.js';

const CHATBOT_NAME = '互通';

export class RcsPerson extends ClientPerson {
  readonly name: string;
  /** An older telephone gets an SMS, or nothing. */
  has5g = true;
  /** What is sent waits until `turnOn`. */
  off = false;

  constructor(
    readonly native: string,
    private readonly chat: Chat,
  ) {
    super();
    this.name = `+86 ${native}`;
  }

  contacts(): { native: string; name: string; state: string }[] {
    return [{ native: CHATBOT, name: CHATBOT_NAME, state: '' }];
  }

  turnOn(): void {
    this.off = false;
    this.chat.showWaiting(this);
  }

  async act(act: Act): Promise<{ id: string }> {
    switch (act.do) {
      case 'write':
        return this.say(act.to, { text: act.text }, act.quote);
      case 'place':
        return this.say(act.to, { text: geoOf(act.latitude, act.longitude, act.name) });
      case 'send':
        return this.send(act);
      case 'read':
        this.chat.read(act.target);
        return { id: act.target };
      case 'edit':
      case 'recall':
      case 'react':
      case 'look':
      case 'type':
      case 'call':
      case 'nudge':
      case 'appear':
      case 'add':
      case 'remove':
      case 'answer':
        throw new NotHere(act.do, 'rcs');
    }
  }

  /** Shows a message of the chatbot. */
  receive(sight: Omit<Sight, 'n' | 'at' | 'from'>): void {
    this.seen.see({ from: CHATBOT, name: CHATBOT_NAME, ...sight });
  }

  private say(to: string, content: Parameters<Chat['say']>[1], quote?: string): { id: string } {
    if (to !== CHATBOT) throw new Error(`write to the chatbot, ${CHATBOT}`);
    return { id: this.chat.say(this, content, quote) };
  }

  private async send({ to, what, fields, file }: Extract<Act, { do: 'send' }>): Promise<{ id: string }> {
    switch (what) {
      case 'image':
      case 'voice':
      case 'video':
      case 'file': {
        const { name, bytes, type } = await fileToSend(file);
        return this.say(to, { file: this.chat.keep(bytes, type, name) });
      }
      case 'location': {
        const { latitude, longitude, label } = fields;
        return this.say(to, { text: geoOf(Number(latitude), Number(longitude), label) });
      }
      // An answer that a message offered.
      case 'link':
        return this.say(to, { suggestion: fields['title'] ?? '' });
      case 'sticker':
      case 'card':
        throw new NotHere('send', `rcs a ${what}`);
    }
  }
}

function geoOf(latitude: number, longitude: number, label?: string): string {
  const name = label === undefined ? '' : `;rcs-l=${encodeURIComponent(label)}`;
  return `geo:${latitude},${longitude};crs=gcj02;u=10${name}`;
}
