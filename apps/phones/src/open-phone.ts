/** One open phone: carries out what its owner asks in the browser, and tells what their client shows. */
import { randomUUID } from 'node:crypto';
import type { SignedInPerson } from '#network-manifest';
import { beginPairing, type Phone, type Seen } from '#phones';
import { guarded, runInBackground, settled, type Log } from '#service';
import type { Body, Change, ChatKey, PhoneId, WallEvent } from '../shared/events.js';
import type { Act, FileQuery } from './acts.js';
import { Contents } from './contents.js';
import { Correspondents } from './correspondents.js';
import type { Owner } from './directory.js';
import { follow } from './journey.js';
import { onDisk, outgoingFile } from './outgoing-file.js';
import { eventOf } from './read-seen.js';
import { bodyOfThing, cannot, sendThing } from './things.js';
import type { WallOptions } from './wall-network.js';

/** Of a reason that a network gives. */
const MOST_CHARACTERS = 500;

interface World {
  options: WallOptions;
  owners: readonly Owner[];
  tell: (event: WallEvent) => void;
  log: Log;
}

export class OpenPhone {
  /** Entries of the timeline that were read. */
  private read = 0;
  private reading: Promise<void> = Promise.resolve();
  private acting: Promise<void> = Promise.resolve();
  private readonly closing = new AbortController();
  private looking: NodeJS.Immediate | undefined;
  private readonly stopLooking: () => void;
  private readonly correspondents: Correspondents;
  private readonly contents: Contents;

  private constructor(
    readonly owner: Owner,
    private readonly person: SignedInPerson,
    private readonly world: World,
  ) {
    const { phone } = person;
    this.correspondents = new Correspondents(owner, world.owners, phone);
    this.contents = new Contents(phone);
    // Also what the client has shown before: it runs after whoever opens this phone has told that it is open.
    this.lookSoon();
    this.stopLooking = phone.onSeen(() => this.lookSoon());
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

  /** What the client has shown; for the play of a conversation. */
  get timeline(): readonly Seen[] {
    return this.phone.timeline;
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.stopLooking();
    clearImmediate(this.looking);
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

  /** @returns the text of a new QR code of the hub */
  pairingCode(): Promise<string> {
    return beginPairing(this.world.options.console, this.owner.network.slug);
  }

  /** The owner of this phone scans a QR code. */
  scan(text: string): Promise<void> {
    return this.inTurn(() => this.person.scan?.(text) ?? cannot());
  }

  /** @returns undefined for content that is not known, or not any more */
  content(number: number): Promise<Buffer | undefined> {
    return this.contents.read(number);
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
    const { phone, correspondents } = this;
    if (act.do === 'appear') {
      await phone.appear(act.state, act.mood);
      return '';
    }
    const { chat } = act;
    const peer = correspondents.nativeOf(chat);
    switch (act.do) {
      case 'write': {
        const { text, reply } = act;
        const send = () => (reply === undefined ? phone.write(peer, text) : phone.reply(peer, reply, text));
        correspondents.wrote(chat, peer);
        return this.tracked(chat, { kind: 'text', text }, send, reply);
      }
      case 'place':
      case 'card':
      case 'sticker':
        await correspondents.choose(chat, peer);
        return this.tracked(chat, bodyOfThing(act), () => sendThing(phone, peer, act));
      case 'edit':
        await phone.edit(peer, act.target, act.text);
        return this.changed(chat, act.target, { do: 'edit', text: act.text });
      case 'recall':
        await phone.recall(peer, act.target);
        return this.changed(chat, act.target, { do: 'recall' });
      case 'react':
        await phone.react(peer, act.target, act.emoji);
        return this.changed(chat, act.target, { do: 'react', emoji: act.emoji, mine: true, all: true });
      case 'read':
        await phone.markRead(peer, act.target);
        return '';
      case 'type':
        // Nobody types to an account that stands for all.
        if (!correspondents.isBehindAccount(peer)) await phone.type(peer, act.on);
        return '';
      case 'call':
      case 'press':
        await this.inCall(peer, act);
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

  private inCall(peer: string, act: Extract<Act, { do: 'call' | 'press' }>): Promise<void> {
    const { phone } = this;
    const done = act.do === 'call' ? phone.call?.(peer, act.how) : phone.press?.(act.key);
    return done ?? cannot();
  }

  private async send(query: FileQuery, given: Buffer): Promise<string> {
    const { chat } = query;
    const peer = this.correspondents.nativeOf(chat);
    const { ffmpeg } = this.world.options;
    const file = await outgoingFile(query, given, this.owner.network.look, ffmpeg?.FFMPEG);
    await this.correspondents.choose(chat, peer);
    const { kind: what, name, seconds } = file;
    const content = this.contents.holdSent(file.bytes);
    const body: Body = {
      kind: 'media',
      what,
      name,
      content,
      ...(seconds === undefined ? {} : { seconds }),
    };
    return onDisk(file, (sent) => this.tracked(chat, body, () => this.phone.sendFile(peer, sent)));
  }

  /** Tells that a message is being sent, and how it went. */
  private async tracked(
    chat: ChatKey,
    body: Body,
    send: () => Promise<string>,
    reply?: string,
  ): Promise<string> {
    const { tell } = this.world;
    const where = { phone: this.id, chat, key: randomUUID() };
    const at = Date.now();
    tell({ type: 'sending', ...where, at, body, ...(reply === undefined ? {} : { reply }) });
    try {
      const id = await send();
      tell({ type: 'sent', ...where, id });
      this.followPath(id, { ...where, at: Date.now() });
      return id;
    } catch (error) {
      tell({ type: 'unsent', ...where, why: (error as Error).message.slice(0, MOST_CHARACTERS) });
      throw error;
    }
  }

  private followPath(id: string, about: { phone: PhoneId; chat: ChatKey; key: string; at: number }): void {
    const { tell, log, options } = this.world;
    runInBackground('path of a message', log, () =>
      follow(
        options.console,
        this.owner.network.slug,
        id,
        (journey) => tell({ type: 'travel', ...about, ...journey }),
        this.closing.signal,
      ),
    );
  }

  /** @returns no id: it is no message of its own */
  private changed(chat: ChatKey, target: string, change: Change): string {
    this.world.tell({ type: 'changed', phone: this.id, chat, target, change });
    return '';
  }

  /** One look for entries that come together: a client that starts reads its whole history. */
  private lookSoon(): void {
    const look = guarded('look at a phone', this.world.log, () => this.look());
    this.looking ??= setImmediate(look);
  }

  private look(): void {
    this.looking = undefined;
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
      const { native, network } = this.owner;
      if (seen.from === native) return;
      const { chat, name } = await this.correspondents.authorOf(seen);
      const content = seen.media ? this.contents.holdSeen(seen) : 0;
      const reactionsReplace = network.look.reactionsOneByOne === undefined;
      const event = eventOf(seen, { phone: this.id, chat, name, at: Date.now(), content, reactionsReplace });
      // What happens while the phone is closed belongs to a phone that is not on the wall any more.
      if (event && !this.closing.signal.aborted) this.world.tell(event);
    } catch (error) {
      this.world.log.warn({ err: error, phone: this.id }, 'an entry of a phone was not shown');
    }
  }
}
