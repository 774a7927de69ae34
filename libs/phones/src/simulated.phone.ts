/**
 * Phones of people on simulated networks. A remote person with a ghost is written to directly; any other remote person,
 * and everybody on a network with one bot account, is reached by "@..." through that account.
 */
import type { Act, Person, Sight } from '#simulators';
import { fetchBytes } from './fetch-bytes.js';
import type { Attachment, CallStep, Phone, Seen } from './phone.js';

type Player = Pick<Person, 'native' | 'timeline' | 'act' | 'onSight'> & {
  /** Of a person in another process: stops following what they see. */
  close?(): void;
};

const KINDS: Partial<Record<Sight['kind'], Seen['kind']>> = {
  text: 'text',
  edit: 'edit',
  recall: 'recall',
  reaction: 'reaction',
  delivered: 'delivered',
  read: 'read',
  typing: 'typing',
  presence: 'presence',
  failed: 'error',
  media: 'media',
  location: 'location',
  card: 'card',
  call: 'call',
  link: 'text',
  request: 'subscribe',
  accepted: 'subscribed',
  removed: 'unsubscribed',
};

/** `[2 Alice · xmpp] hello`: how a bot account shows the message of a remote person. */
const HEADED = /^\[(\d+) (.+?) · ([a-z0-9-]+)(?: ← (?:chosen|当前))?\] ([\s\S]*)$/;

/** Content without a canonical form that people of a network can send, and the words that the recipient must read. */
export type Oddity = (word: string, to: string) => { act: Act; words: string };

export interface FieldNames {
  seconds?: string;
  place(place: { latitude: number; longitude: number; label: string }): Record<string, string>;
}

/** Field names in the documents of the networks. */
export const OPEN_FIELDS: FieldNames = {
  seconds: 'seconds',
  place: ({ latitude, longitude, label }) => ({
    latitude: String(latitude),
    longitude: String(longitude),
    label,
  }),
};
export const PLATFORM_FIELDS: FieldNames = {
  place: ({ latitude, longitude, label }) => ({
    Location_X: String(latitude),
    Location_Y: String(longitude),
    Label: label,
  }),
};

export interface SimulatedPhoneOptions {
  /** How this network writes that a person is available, or away. */
  states?: { available: string; away: string } | undefined;
  fields?: FieldNames | undefined;
  oddity?: Oddity | undefined;
  /** The name of somebody in the list of contacts. */
  nameInContacts?: ((native: string) => string | undefined) | undefined;
}

export class SimulatedPhone implements Phone {
  private readonly states: { available: string; away: string };
  private readonly fields: FieldNames;
  private readonly nameInContacts: (native: string) => string | undefined;

  /** @param channel the one account through which everybody is reached; undefined where every ghost has its own address */
  constructor(
    private readonly person: Player,
    private readonly channel: string | undefined,
    {
      states = { available: 'available', away: 'away' },
      fields = OPEN_FIELDS,
      oddity,
      nameInContacts = () => undefined,
    }: SimulatedPhoneOptions = {},
  ) {
    this.states = states;
    this.fields = fields;
    this.nameInContacts = nameInContacts;
    if (oddity)
      this.sendOddity = async (peer, word) => {
        const { act, words } = oddity(word, this.placeOf(peer));
        await this.do(act);
        return { words };
      };
  }

  readonly sendOddity?: Phone['sendOddity'];

  async rename(name: string): Promise<void> {
    await this.person.act({ do: 'look', name });
  }

  async look(picture: string): Promise<void> {
    await this.person.act({ do: 'look', picture });
  }

  /** The name that the client shows for the peer: from the list of contacts, or from their last message. */
  shownName(peer: string): Promise<string | undefined> {
    const seen = this.person.timeline.findLast(({ from, name }) => from === peer && name !== undefined);
    return Promise.resolve(this.nameInContacts(peer) ?? seen?.name ?? this.nameInFront(peer));
  }

  get native(): string {
    return this.person.native;
  }

  get timeline(): Seen[] {
    return this.person.timeline.flatMap((sight) => this.seen(sight));
  }

  /** The number by which this phone writes to a remote person who has written to the bot account before. */
  numberOf(name: string, network: string): string | undefined {
    for (const { text } of this.person.timeline) {
      const [, number, who, where] = HEADED.exec(text ?? '') ?? [];
      if (who === name && where === network) return `@${number}`;
    }
    return undefined;
  }

  write(peer: string, text: string): Promise<string> {
    return this.do(this.addressed(peer, text));
  }
  reply(peer: string, to: string, text: string): Promise<string> {
    return this.do({ ...this.addressed(peer, text), quote: to });
  }
  sendFile(peer: string, { path, kind, seconds }: Attachment): Promise<string> {
    const fields: Record<string, string> =
      seconds === undefined || this.fields.seconds === undefined
        ? {}
        : { [this.fields.seconds]: String(seconds) };
    return this.do({ do: 'send', to: this.placeOf(peer), what: kind, fields, file: path });
  }
  sendPlace(peer: string, place: { latitude: number; longitude: number; label: string }): Promise<string> {
    const fields = this.fields.place(place);
    return this.do({ do: 'send', to: this.placeOf(peer), what: 'location', fields });
  }
  sendCard(peer: string, { name, phone }: { name: string; phone: string }): Promise<string> {
    return this.do({ do: 'send', to: this.placeOf(peer), what: 'card', fields: { name, phone } });
  }
  sendSticker(peer: string, meaning: string): Promise<string> {
    const fields = { meaning, keywords: meaning };
    return this.do({ do: 'send', to: this.placeOf(peer), what: 'sticker', fields });
  }
  async call(who: string, how: CallStep): Promise<void> {
    await this.do({ do: 'call', who, how });
  }
  async press(key: string): Promise<void> {
    await this.do({ do: 'call', who: '', how: 'press', key });
  }
  fetch({ media }: Seen, mostBytes?: number): Promise<Buffer> {
    return fetchBytes(media?.url ?? '', { mostBytes });
  }
  onSeen(listener: () => void): () => void {
    return this.person.onSight(listener);
  }
  async edit(peer: string, target: string, text: string): Promise<void> {
    await this.do({ do: 'edit', to: this.placeOf(peer), target, text });
  }
  async recall(peer: string, target: string): Promise<void> {
    await this.do({ do: 'recall', to: this.placeOf(peer), target });
  }
  async react(peer: string, target: string, emoji: string[]): Promise<void> {
    await this.do({ do: 'react', to: this.placeOf(peer), target, emoji });
  }
  async markRead(peer: string, target: string): Promise<void> {
    await this.do({ do: 'read', to: this.placeOf(peer), target });
  }
  async type(peer: string, on: boolean): Promise<void> {
    await this.do({ do: 'type', to: peer, on });
  }
  async appear(state: 'available' | 'away', mood?: string): Promise<void> {
    await this.do({ do: 'appear', state: this.states[state], ...(mood ? { mood } : {}) });
  }
  hangUp(): Promise<void> {
    this.person.close?.();
    return Promise.resolve();
  }

  /** "Alice · xmpp", from the last line that one account showed of the person with this number ("@2"). */
  private nameInFront(peer: string): string | undefined {
    const lines = this.person.timeline.map(({ text }) => HEADED.exec(text ?? ''));
    const last = lines.findLast((found) => found !== null && `@${found[1]}` === peer);
    return last ? `${last[2]} · ${last[3]}` : undefined;
  }

  /** What has no text in which a person could be named goes to the bot account, which knows the chosen correspondent. */
  private placeOf(peer: string): string {
    return peer.startsWith('@') && this.channel !== undefined ? this.channel : peer;
  }

  private addressed(peer: string, text: string): Extract<Act, { do: 'write' }> {
    return peer.startsWith('@') && this.channel !== undefined
      ? { do: 'write', to: this.channel, text: `${peer} ${text}` }
      : { do: 'write', to: peer, text };
  }

  private async do(act: Act): Promise<string> {
    return (await this.person.act(act)).id;
  }

  private seen(sight: Sight): Seen[] {
    const kind = KINDS[sight.kind];
    if (kind === undefined) return [];
    const { n: _n, at: _at, name: _name, kind: _kind, ...rest } = sight;
    const [, number, , , text] = HEADED.exec(sight.text ?? '') ?? [];
    return [
      number === undefined ? { ...rest, kind } : { ...rest, kind, from: `@${number}`, text: text ?? '' },
    ];
  }
}
