/** With whom one phone talks: who is behind the native ids that its client shows, and how its owner writes to each of them. */
import type { Phone, Seen } from '#phones';
import { isTel, type Address } from '#protocol';
import { LruCache } from '#service';
import type { ChatKey } from '../shared/events.js';
import { nativeChat, personBehind, splitName, type Owner } from './directory.js';

/** Chats whose native id is remembered. */
const MOST_CHATS = 1000;
/** The account of the switch on networks where it stands for all remote people. */
const NAME_OF_ACCOUNT = '互通 Hutong';

export interface Correspondent {
  chat: ChatKey;
  /** As the client shows it. */
  name: string;
}

export class Correspondents {
  /** The native id under which each chat was last seen. */
  private readonly lastNative = new LruCache<ChatKey, string>({ max: MOST_CHATS });
  /** The person to whom the one account of this network forwards what has no text. */
  private chosen: ChatKey | undefined;
  /** The person whose message the one account of this network forwarded last. */
  private forwarded: Correspondent | undefined;

  constructor(
    private readonly owner: Owner,
    private readonly owners: readonly Owner[],
    private readonly phone: Phone,
  ) {}

  /** The native id to write to: as the client last saw the person, otherwise as the network addresses somebody new. */
  nativeOf(chat: ChatKey): string {
    const ghost = this.owner.network.part.ghostOf[chat];
    // A number stays the way to a telephone: its network takes no messages, only the ladder ends there.
    const native =
      ghost !== undefined && isTel(chat as Address) ? ghost : (this.lastNative.get(chat) ?? ghost);
    if (native !== undefined) return native;
    if (chat.startsWith('native:')) return chat.slice('native:'.length);
    throw new Error('nobody with this address is known here');
  }

  /** @param native whom a message with text was addressed to, which chooses the person */
  wrote(chat: ChatKey, native: string): void {
    if (this.isBehindAccount(native)) this.chosen = chat;
  }

  /** Where one account stands for all remote people, what has no text goes to the person who was chosen last. */
  async choose(chat: ChatKey, native: string): Promise<void> {
    if (!this.isBehindAccount(native) || this.chosen === chat) return;
    this.chosen = chat;
    await this.phone.write(native, '');
  }

  isBehindAccount(native: string): boolean {
    return this.owner.network.part.channel !== undefined && native.startsWith('@');
  }

  async authorOf({ from, kind }: Seen): Promise<Correspondent> {
    const { channel } = this.owner.network.part;
    // The text before it said whose it is.
    if (from === channel && kind !== 'text' && this.forwarded) return this.forwarded;
    const shown = await this.phone.shownName?.(from);
    const person = personBehind(from, shown, this.owner, this.owners);
    const chat = person?.address ?? nativeChat(from);
    this.lastNative.set(chat, from);
    const unnamed = from === channel ? NAME_OF_ACCOUNT : from;
    const who = { chat, name: shown === undefined ? (person?.name ?? unnamed) : splitName(shown).name };
    if (this.isBehindAccount(from)) this.forwarded = who;
    return who;
  }
}
