/** One open phone: carries out what its owner asks in the browser, and tells what their client shows. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SignedInPerson } from '#network-manifest';
import type { Phone, Seen } from '#phones';
import { guarded, LruCache, runInBackground, settled, type Log } from '#service';
import type { Body, ChatKey, PhoneId, WallEvent } from '../shared/events.js';
import type { Act, FileQuery } from './acts.js';
import { nativeChat, personBehind, splitName, type Owner } from './directory.js';
import { follow } from './journey.js';
import { eventOf } from './read-seen.js';
import type { WallOptions } from './wall-network.js';
import { convertVoice, extensionOf } from './voice-notes.js';

/** Phones keep what they see in a list and tell nobody: it is read this often. */
const LOOK_MS = 100;
/** Chats of one phone whose native id is remembered. */
const MOST_CHATS = 1000;
/** Attachments that can still be fetched. */
const MOST_CONTENTS = 300;

/** The account of the switch on networks where it stands for all remote people. */
const NAME_OF_ACCOUNT = '互通 Hutong';

type Content = { seen: Seen } | { bytes: Buffer };

interface World {
  options: WallOptions;
  owners: readonly Owner[];
  tell: (event: WallEvent) => void;
  log: Log;
}

export class OpenPhone {
  private read = 0;
  private reading: Promise<void> = Promise.resolve();
  /** The native id under which each chat was last seen. */
  private readonly lastNative = new LruCache<ChatKey, string>({ max: MOST_CHATS });
  private readonly contents = new LruCache<number, Content>({ max: MOST_CONTENTS });
  private lastContent = 0;
  /** The person to whom the one account of this network forwards what has no text. */
  private chosen: ChatKey | undefined;
  /** The person whose message the one account of this network forwarded last. */
  private forwarded: { chat: ChatKey; name: string } | undefined;
  private acting: Promise<void> = Promise.resolve();
  private readonly closing = new AbortController();
  private readonly looking: NodeJS.Timeout;

  private constructor(
    readonly owner: Owner,
    private readonly person: SignedInPerson,
    private readonly world: World,
  ) {
    this.looking = setInterval(
      guarded('look at a phone', world.log, () => this.look()),
      LOOK_MS,
    );
    this.looking.unref();
  }

  static async open(owner: Owner, world: World): Promise<OpenPhone> {
    const { person, part, look } = owner.network;
    const signedIn = await person.dial(part, {
      address: owner.address,
      native: owner.native,
      password: owner.password,
    });
    if (look.people && look.named) await signedIn.phone.rename?.(owner.name, '');
    return new OpenPhone(owner, signedIn, world);
  }

  get id(): PhoneId {
    return this.owner.id;
  }

  async close(): Promise<void> {
    this.closing.abort();
    clearInterval(this.looking);
    await this.reading;
    await this.phone.hangUp();
  }

  /** In the order in which they were asked for. @returns native id of the message, if it made one */
  act(act: Act): Promise<string> {
    return this.inTurn(() => this.carryOut(act));
  }

  sendFile(query: FileQuery, bytes: Buffer): Promise<string> {
    return this.inTurn(() => this.send(query, bytes));
  }

  /** @returns undefined for content that is not known, or not any more */
  async content(number: number): Promise<Buffer | undefined> {
    const content = this.contents.get(number);
    if (!content) return undefined;
    return 'bytes' in content ? content.bytes : this.phone.fetch(content.seen);
  }

  /** What the client has shown; for the play of a conversation. */
  get timeline(): readonly Seen[] {
    return this.phone.timeline;
  }

  private get phone(): Phone {
    return this.person.phone;
  }

  private inTurn<Result>(run: () => Promise<Result>): Promise<Result> {
    const done = this.acting.then(run);
    this.acting = settled(done);
    return done;
  }

  private async carryOut(act: Act): Promise<string> {
    const { phone } = this;
    if (act.do === 'appear') {
      await phone.appear(act.state, act.mood);
      return '';
    }
    const { chat } = act;
    const peer = this.nativeOf(chat);
    switch (act.do) {
      case 'write': {
        const { text, reply } = act;
        const send = () => (reply === undefined ? phone.write(peer, text) : phone.reply(peer, reply, text));
        this.chosen = chat;
        return this.tracked(chat, { kind: 'text', text }, send, reply);
      }
      case 'place': {
        const { latitude, longitude, label } = act;
        const text = `${label} ${latitude}, ${longitude}`.trim();
        await this.choose(chat, peer);
        return this.tracked(chat, { kind: 'place', text }, () =>
          phone.sendPlace(peer, { latitude, longitude, label }),
        );
      }
      case 'card': {
        const { name, phone: number } = act;
        await this.choose(chat, peer);
        const send = () => phone.sendCard?.(peer, { name, phone: number }) ?? cannot();
        return this.tracked(chat, { kind: 'card', text: `${name} ${number}` }, send);
      }
      case 'sticker': {
        await this.choose(chat, peer);
        const send = () => phone.sendSticker?.(peer, act.meaning) ?? cannot();
        return this.tracked(chat, { kind: 'sticker', text: act.meaning }, send);
      }
      case 'edit':
        await phone.edit(peer, act.target, act.text);
        this.tellChange(chat, act.target, { do: 'edit', text: act.text });
        return '';
      case 'recall':
        await phone.recall(peer, act.target);
        this.tellChange(chat, act.target, { do: 'recall' });
        return '';
      case 'react':
        await phone.react(peer, act.target, act.emoji);
        this.tellChange(chat, act.target, { do: 'react', emoji: act.emoji, mine: true, all: true });
        return '';
      case 'read':
        await phone.markRead(peer, act.target);
        return '';
      case 'type':
        // Nobody types to an account that stands for all.
        if (!this.isBehindAccount(peer)) await phone.type(peer, act.on);
        return '';
      case 'befriend':
        await (this.person.befriend?.(peer) ?? cannot());
        return '';
      case 'accept':
        await (this.person.accept?.(peer) ?? cannot());
        this.world.tell({ type: 'contact', phone: this.id, chat, is: true });
        return '';
    }
  }

  private async send({ chat, what, name, type }: FileQuery, given: Buffer): Promise<string> {
    const peer = this.nativeOf(chat);
    const voice = what === 'voice' ? await this.voice(given) : undefined;
    const bytes = voice?.bytes ?? given;
    await this.choose(chat, peer);
    const folder = await mkdtemp(join(tmpdir(), 'hutong-wall-'));
    try {
      const file = {
        path: join(folder, safeName(voice ? `voice.${voice.extension}` : name)),
        name: safeName(voice ? `voice.${voice.extension}` : name),
        type: voice?.type ?? type,
        kind: what,
        ...(voice ? { seconds: Math.max(1, Math.round(voice.seconds)) } : {}),
      };
      await writeFile(file.path, bytes);
      const content = this.hold({ bytes });
      const body: Body = {
        kind: 'media',
        what,
        name: file.name,
        content,
        ...(voice ? { seconds: voice.seconds } : {}),
      };
      return await this.tracked(chat, body, () => this.phone.sendFile(peer, file));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** The recording in the format of the clients of this network. */
  private async voice(given: Buffer) {
    const { FFMPEG } = this.world.options.ffmpeg ?? {};
    if (FFMPEG === undefined) throw new Error('ffmpeg is missing: voice notes cannot be recorded here');
    const type = this.owner.network.look.voice ?? 'audio/ogg';
    return { ...(await convertVoice(FFMPEG, given, type)), type, extension: extensionOf(type) };
  }

  /** Where one account stands for all remote people, what has no text goes to the person who was chosen last. */
  private async choose(chat: ChatKey, peer: string): Promise<void> {
    if (!this.isBehindAccount(peer) || this.chosen === chat) return;
    this.chosen = chat;
    await this.phone.write(peer, '');
  }

  private isBehindAccount(peer: string): boolean {
    return this.owner.network.part.channel !== undefined && peer.startsWith('@');
  }

  /** Tells that a message is being sent, and how it went. */
  private async tracked(
    chat: ChatKey,
    body: Body,
    send: () => Promise<string>,
    reply?: string,
  ): Promise<string> {
    const { tell, log, options } = this.world;
    const [key, phone] = [randomUUID(), this.id];
    tell({
      type: 'sending',
      phone,
      at: Date.now(),
      chat,
      key,
      body,
      ...(reply === undefined ? {} : { reply }),
    });
    try {
      const id = await send();
      tell({ type: 'sent', phone, chat, key, id });
      const at = Date.now();
      runInBackground('path of a message', log, () =>
        follow(
          options.console,
          this.owner.network.slug,
          id,
          (journey) => tell({ type: 'travel', phone, chat, key, at, ...journey }),
          this.closing.signal,
        ),
      );
      return id;
    } catch (error) {
      tell({ type: 'unsent', phone, chat, key, why: (error as Error).message.slice(0, 500) });
      throw error;
    }
  }

  private tellChange(
    chat: ChatKey,
    target: string,
    change: Extract<WallEvent, { type: 'changed' }>['change'],
  ): void {
    this.world.tell({ type: 'changed', phone: this.id, chat, target, change });
  }

  /** How this phone writes to the person: as it last saw them, otherwise as the network addresses somebody new. */
  private nativeOf(chat: ChatKey): string {
    const native = this.lastNative.get(chat) ?? this.owner.network.part.ghostOf[chat];
    if (native !== undefined) return native;
    if (chat.startsWith('native:')) return chat.slice('native:'.length);
    throw new Error('nobody with this address is known here');
  }

  private look(): void {
    const { timeline } = this.phone;
    if (timeline.length === this.read) return;
    const fresh = timeline.slice(this.read);
    this.read = timeline.length;
    this.reading = this.reading.then(async () => {
      for (const seen of fresh) await this.show(seen);
    });
  }

  /** Never fails: what one entry does to the reading must not end it. */
  private async show(seen: Seen): Promise<void> {
    try {
      const { native } = this.owner;
      if (seen.from === native) return;
      const { chat, name } = await this.whoIs(seen);
      const content = seen.media ? this.hold({ seen }) : 0;
      const reactionsReplace = this.owner.network.look.reactionsOneByOne === undefined;
      const event = eventOf(seen, { phone: this.id, chat, name, at: Date.now(), content, reactionsReplace });
      if (event) this.world.tell(event);
    } catch (error) {
      this.world.log.warn({ err: error, phone: this.id }, 'an entry of a phone was not shown');
    }
  }

  private async whoIs({ from, kind }: Seen): Promise<{ chat: ChatKey; name: string }> {
    const { forwarded } = this;
    // The text before it said whose it is.
    if (from === this.owner.network.part.channel && kind !== 'text' && forwarded) return forwarded;
    const shown = await this.phone.shownName?.(from);
    const person = personBehind(from, shown, this.owner, this.world.owners);
    const chat = person?.address ?? nativeChat(from);
    this.lastNative.set(chat, from);
    const unnamed = from === this.owner.network.part.channel ? NAME_OF_ACCOUNT : from;
    const who = { chat, name: shown === undefined ? (person?.name ?? unnamed) : splitName(shown).name };
    if (this.isBehindAccount(from)) this.forwarded = who;
    return who;
  }

  private hold(content: Content): number {
    this.contents.set(++this.lastContent, content);
    return this.lastContent;
  }
}

function cannot(): never {
  throw new Error('the clients of this network cannot do this');
}

/** A name without folders, of characters that every file system has. */
function safeName(name: string): string {
  const cleaned = name.replace(/[^\p{L}\p{N}._ -]/gu, '_').replace(/^\.+/, '');
  return cleaned === '' ? 'file' : cleaned.slice(-100);
}
