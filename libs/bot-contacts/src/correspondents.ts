/**
 * One channel, many correspondents: on a network where we are a single account (an official account, a robot), this
 * is how a person talks to many. Each correspondent gets a number for good; the choice stays until it is changed.
 */
import { createHash } from 'node:crypto';
import {
  cutName,
  HubError,
  isOffered,
  networkOf,
  type Address,
  type Capabilities,
  type Network,
  type Party,
  type ResolveReply,
} from '#protocol';
import { LruCache, settled } from '#service';
import { presentableParty, type Hub } from '#adapter-kit';
import { toHalfWidth, readLine, type Line } from './read-line.js';
import { MOST_OF_A_NAME, shown } from './shown.js';
import { CHANNEL_WORDS, type ChannelWords } from './words.js';

/** What becomes of a line that a person wrote. */
export type Reading =
  /** `notice`: the line also changed the chosen correspondent, and the person must be shown who it is now. */
  | { act: 'send'; to: Address; text: string; notice?: string }
  | { act: 'answer'; text: string }
  /** Neither sent nor answered, which the adapter records as not carried. */
  | { act: 'nothing'; why: string };

interface Correspondent {
  address: Address;
  name?: string | undefined;
}

/** Of one person; kept in the network's own bucket. */
interface Talk {
  /** The place is the number, less one: numbers never move. */
  people: Correspondent[];
  /** Places, the latest first. */
  recent: number[];
  chosen?: number | undefined;
  /** When the list was shown, ms since the epoch; only while nothing was said since, by the person or to them. */
  listedAt?: number | undefined;
  /** When the person was last answered by us, and not by a correspondent. */
  answeredAt?: number | undefined;
}

/** How a message was read. */
interface Before {
  /** It came right after the list. */
  listed: boolean;
  to?: Address;
}

/** No network tells a message again so much later. */
const TOLD_AGAIN_WITHIN_MS = 24 * 3600_000;
/** How long a bare number answers the list. */
const LIST_VALID_MS = 120_000;
const SHOWN_IN_LIST = 9;
const MOST_ANSWERS = 5;
const MOST_PEOPLE = 999;
/** Addresses can be long; what is stored for one person must stay far below what the bus takes. */
const MOST_CHARACTERS = 300_000;
/** Networks that one answer names. */
const MOST_OFFERED = 20;

export class Correspondents {
  private readonly words: ChannelWords;
  /** What was answered last, and how often in a row within a minute. */
  private readonly answered = new LruCache<Address, { text: string; times: number }>({
    max: 20_000,
    ttl: 60_000,
  });
  private readonly lately = new LruCache<string, Before>({ max: 20_000 });
  private readonly turns = new LruCache<Address, Promise<unknown>>({ max: 20_000 });

  constructor(
    private readonly hub: Pick<Hub, 'memory' | 'recent' | 'resolve' | 'peers' | 'canonical'>,
    private readonly language: Capabilities['language'],
  ) {
    this.words = CHANNEL_WORDS[language];
  }

  /**
   * A person wrote into the channel. The same message, told again, is read as it was the first time: what he chose since
   * must not have it sent to somebody else, nor the answer to a list to anybody.
   * @param id native, of this message. @param quoted the author of the message that he quotes
   */
  read(person: Address, id: string, typed: string, quoted?: Address): Promise<Reading> {
    return this.inTurn(person, async (talk) => {
      const key = `read.${digestOf(`${person} ${id}`)}`;
      const before = this.lately.get(key) ?? (await this.answeredAs(key, talk));
      const listed = before?.listed ?? isListed(talk);
      const line = readLine(typed, listed);
      if (before?.to !== undefined)
        return { act: 'send', to: before.to, text: 'text' in line ? line.text : typed };
      const reading = await this.readAnew(person, talk, line, typed, quoted);
      // Whom it was for the first time it was for for good: to nobody.
      if (before && reading.act === 'send')
        return { act: 'nothing', why: 'it was answered when it came first' };
      this.lately.set(key, { listed, ...(reading.act === 'send' ? { to: reading.to } : {}) });
      if (reading.act !== 'send') {
        talk.answeredAt = Date.now();
        await this.hub.recent.put(key, { listed } satisfies Before);
      }
      return this.unlessRepeated(person, reading);
    });
  }

  /**
   * What was sent, the bus itself knows again by its id; what was only answered, it never saw. That is looked for, where there
   * was an answer lately.
   */
  private async answeredAs(key: string, { answeredAt = 0 }: Talk): Promise<Before | undefined> {
    if (Date.now() - answeredAt > TOLD_AGAIN_WITHIN_MS) return undefined;
    return (await this.hub.recent.get(key)) as Before | undefined;
  }

  /** Whenever the chosen correspondent changes, the person is shown who it is now. */
  private async readAnew(
    person: Address,
    talk: Talk,
    line: Line,
    typed: string,
    quoted: Address | undefined,
  ): Promise<Reading> {
    const was = chosenIn(talk)?.address;
    talk.listedAt = undefined;
    const reading = await this.reading(person, talk, line, typed, quoted);
    const now = chosenIn(talk);
    return reading.act === 'send' && now && now.address !== was
      ? { ...reading, notice: this.words.chosen(shown(now)) }
      : reading;
  }

  private async reading(
    person: Address,
    talk: Talk,
    line: Line,
    typed: string,
    quoted: Address | undefined,
  ): Promise<Reading> {
    if (quoted === undefined || line.want !== 'text') return this.carryOut(person, talk, line);
    return { act: 'send', to: this.meet(talk, { address: quoted }).address, text: typed };
  }

  private unlessRepeated(person: Address, reading: Reading): Reading {
    if (reading.act !== 'answer') return reading;
    const before = this.answered.get(person);
    const times = before?.text === reading.text ? before.times + 1 : 1;
    this.answered.set(person, { text: reading.text, times });
    // Somebody's own machine answers our answers: that ends here.
    return times > MOST_ANSWERS
      ? { act: 'nothing', why: `the same answer was given ${MOST_ANSWERS} times within a minute` }
      : reading;
  }

  /** Where something goes that has no text to name a person: a picture, a place. */
  whom(person: Address): Promise<Exclude<Reading, { act: 'send' }> | { act: 'send'; to: Address }> {
    return this.inTurn(person, (talk) => {
      talk.listedAt = undefined;
      const chosen = chosenIn(talk);
      const reading = chosen
        ? ({ act: 'send', to: chosen.address } as const)
        : this.unlessRepeated(person, { act: 'answer', text: this.nobody(talk) });
      return Promise.resolve(reading);
    });
  }

  /**
   * What a correspondent says, with their name, network and number. The first to write is chosen, which their line says. A list
   * that was shown before is answered no more: a number may be the answer to what is said here.
   */
  show(person: Address, from: Party, text: string): Promise<string> {
    return this.inTurn(person, (talk) => {
      const was = chosenIn(talk)?.address;
      const correspondent = this.meet(talk, from);
      const place = talk.people.indexOf(correspondent);
      talk.chosen ??= place;
      talk.listedAt = undefined;
      const mark = chosenIn(talk)?.address === was ? '' : ` ${this.words.current}`;
      return Promise.resolve(`[${place + 1} ${shown(correspondent)}${mark}] ${text}`);
    });
  }

  help(language = this.language): string {
    return CHANNEL_WORDS[language].help;
  }

  private async carryOut(person: Address, talk: Talk, line: Line): Promise<Reading> {
    const answer = (text: string): Reading => ({ act: 'answer', text });
    switch (line.want) {
      case 'help':
        return answer(this.help(line.language));
      case 'list':
        return answer(this.list(talk));
      case 'number': {
        const known = talk.people[line.number - 1];
        return known
          ? this.choose(talk, known, line.text)
          : answer(this.words.noSuchNumber(String(line.number)));
      }
      case 'name': {
        const known = talk.people.filter(({ name }) => sameName(name, line.name));
        return known.length === 1 && known[0]
          ? this.choose(talk, known[0], line.text)
          : answer(this.words.noSuchName(cutName(line.name, MOST_OF_A_NAME, '…')));
      }
      case 'address':
        return this.chooseNew(person, talk, line.address, line.text);
      case 'text': {
        const chosen = chosenIn(talk);
        return chosen ? { act: 'send', to: chosen.address, text: line.text } : answer(this.nobody(talk));
      }
    }
  }

  private nobody(talk: Talk): string {
    return talk.people.length === 0 ? this.words.nobodyYet : this.words.nobodyChosen;
  }

  /** The networks that people are told of: not those under which the hub itself speaks, nor developers. */
  private offered(): Network[] {
    return this.hub.peers().filter(isOffered).slice(0, MOST_OFFERED);
  }

  private async chooseNew(person: Address, talk: Talk, address: Address, text: string): Promise<Reading> {
    const who = shown({ address });
    const reply = await this.resolved(address, person);
    // No id that anybody could have there.
    if (reply.code === '30') return { act: 'answer', text: this.words.noSuchPerson(who) };
    if (reply.code === '15')
      return { act: 'answer', text: this.words.noSuchNetwork(networkOf(address), this.offered()) };
    if (reply.code === '14') return { act: 'answer', text: this.words.noSuchPerson(who) };
    if (reply.code !== '00') return { act: 'answer', text: this.words.notReached(who) };
    return this.choose(talk, this.meet(talk, { address: this.canonical(address), ...reply.party }), text);
  }

  /** Where nobody answers, the person is told so, with the code. */
  private async resolved(address: Address, person: Address): Promise<ResolveReply> {
    try {
      return await this.hub.resolve(address, person);
    } catch (error) {
      if (error instanceof HubError) return { code: error.code };
      throw error;
    }
  }

  private choose(talk: Talk, correspondent: Correspondent, text: string): Reading {
    talk.chosen = talk.people.indexOf(correspondent);
    this.meet(talk, { address: correspondent.address });
    return text === ''
      ? { act: 'answer', text: this.words.chosen(shown(correspondent)) }
      : { act: 'send', to: correspondent.address, text };
  }

  private list(talk: Talk): string {
    if (talk.people.length === 0) return this.words.nobodyYet;
    talk.listedAt = Date.now();
    return this.words.list(
      talk.recent.slice(0, SHOWN_IN_LIST).flatMap((place) => {
        const person = talk.people[place];
        if (!person) return [];
        return [`${place + 1} ${shown(person)}${place === talk.chosen ? ` ${this.words.current}` : ''}`];
      }),
    );
  }

  /** Knows him from now on, as the latest. When the numbers are used up, the one silent for longest gives his away. */
  private meet(talk: Talk, { address, displayName }: Party): Correspondent {
    let place = talk.people.findIndex((known) => known.address === address);
    if (place < 0) {
      const full = talk.people.length >= MOST_PEOPLE || JSON.stringify(talk).length > MOST_CHARACTERS;
      place = full ? (talk.recent.at(-1) ?? 0) : talk.people.length;
      talk.people[place] = { address };
      if (talk.chosen === place) talk.chosen = undefined;
    }
    const correspondent = talk.people[place] ?? { address };
    // An unknown or unreadable name does not replace a known one.
    correspondent.name = presentableParty({ address, displayName }).displayName ?? correspondent.name;
    if (talk.recent[0] !== place) talk.recent = [place, ...talk.recent.filter((other) => other !== place)];
    return correspondent;
  }

  /** One thing after the other for each person; stored when something changed. */
  private inTurn<T>(asked: Address, work: (talk: Talk) => Promise<T>): Promise<T> {
    const person = this.canonical(asked);
    const before = this.turns.get(person) ?? Promise.resolve();
    const done = before.then(async () => {
      const talk = await this.talkOf(person, asked);
      const was = JSON.stringify(talk);
      const result = await work(talk);
      if (JSON.stringify(talk) !== was) await this.hub.memory.put(keyOf(person), talk);
      return result;
    });
    this.turns.set(person, settled(done));
    return done;
  }

  /** Always what is stored: another instance may have talked with him meanwhile. */
  private async talkOf(person: Address, asked: Address): Promise<Talk> {
    const stored = ((await this.hub.memory.get(keyOf(person))) ??
      // Kept before addresses were canonical.
      (asked === person ? undefined : await this.hub.memory.get(keyOf(asked)))) as Talk | undefined;
    if (!stored) return { people: [], recent: [] };
    const people = stored.people.map((known) => ({ ...known, address: this.canonical(known.address) }));
    return { ...stored, people };
  }

  /** An address that no one can have stays as it is: it names nobody, and nobody else. */
  private canonical(address: Address): Address {
    try {
      return this.hub.canonical(address);
    } catch (error) {
      if (error instanceof HubError) return address;
      throw error;
    }
  }
}

/** Without regard to case and width. */
function sameName(one: string | undefined, other: string): boolean {
  return one !== undefined && toHalfWidth(one).toLowerCase() === toHalfWidth(other).toLowerCase();
}

function chosenIn({ chosen, people }: Talk): Correspondent | undefined {
  return chosen === undefined ? undefined : people[chosen];
}

function isListed({ listedAt }: Talk): boolean {
  return listedAt !== undefined && Date.now() - listedAt < LIST_VALID_MS;
}

function keyOf(person: Address): string {
  return `talk.${digestOf(person)}`;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 27);
}
