/**
 * The contacts of one bot account (an official account, a robot), through which a person talks to many correspondents.
 * Each correspondent gets a permanent number; the chosen one stays chosen until the person chooses another.
 */
import {
  cutName,
  HubError,
  isOffered,
  isTel,
  networkOf,
  type Address,
  type Capabilities,
  type Network,
  type Party,
  type ResolveReply,
} from '#protocol';
import { LruCache, TurnsByKey } from '#service';
import { presentableParty, type Hub } from '#adapter-kit';
import { toHalfWidth, readLine, type Line } from './read-line.js';
import { MOST_OF_A_NAME, shown } from './shown.js';
import { chosenIn, digestOf, isListed, StoredTalks, type Correspondent, type Talk } from './stored-talks.js';
import { CHANNEL_WORDS, type ChannelWords } from './words.js';

/** The result of reading a line that a person wrote. */
export type Reading =
  /** `notice`: the line also changed the chosen correspondent, and the person must be shown who it is now. */
  { act: 'send'; to: Address; text: string; notice?: string } | Answer | Unanswered;

interface Answer {
  act: 'answer';
  text: string;
}

/** Neither sent nor answered: the adapter records it as not carried. */
interface Unanswered {
  act: 'nothing';
  why: string;
}

/** How a message was read. */
interface Before {
  /** The line came directly after the list. */
  listed: boolean;
  to?: Address;
}

const ANSWERED_AT_FIRST: Reading = { act: 'nothing', why: 'it was answered when it came first' };
/** Answers older than this are not looked up, ms: no network repeats a message later. */
const TOLD_AGAIN_WITHIN_MS = 24 * 3600_000;
const SHOWN_IN_LIST = 9;
const MOST_ANSWERS = 5;
const MOST_PEOPLE = 999;
/** Limit of what is stored for one person: addresses are long, and the bus limits the size of a value. */
const MOST_CHARACTERS = 300_000;
/** Limit of the networks in one answer. */
const MOST_OFFERED = 20;

export class Correspondents {
  private readonly words: ChannelWords;
  /** The last answer to each person, and how often it was repeated within a minute. */
  private readonly answered = new LruCache<Address, { text: string; times: number }>({
    max: 20_000,
    ttl: 60_000,
  });
  private readonly lately = new LruCache<string, Before>({ max: 20_000 });
  private readonly talks: StoredTalks;
  /** Of what is sent to each person. */
  private readonly outgoing = new TurnsByKey();

  constructor(
    private readonly hub: Pick<Hub, 'memory' | 'recent' | 'resolve' | 'peers' | 'canonical'>,
    private readonly language: Capabilities['language'],
  ) {
    this.words = CHANNEL_WORDS[language];
    this.talks = new StoredTalks(hub.memory, (address) => hub.canonical(address));
  }

  /**
   * Reads a line that a person wrote. A message that the network repeats is read as the first time: a later choice must not
   * send it to another correspondent, and an answer to a list must not become a message.
   * @param id native id of the message. @param quoted the author of the message that it quotes
   */
  read(person: Address, id: string, typed: string, quoted?: Address): Promise<Reading> {
    const key = `read.${digestOf(`${person} ${id}`)}`;
    return this.talks.inTurn(person, async (change) => {
      let first: { before: Before | undefined } | undefined;
      const read = await change(
        async (talk): Promise<{ known: Reading } | { listed: boolean; reading: Reading }> => {
          // Looked up once: when the change is repeated, it must not find what its first attempt has stored.
          first ??= { before: this.lately.get(key) ?? (await this.answeredAs(key, talk)) };
          const { before } = first;
          const listed = before?.listed ?? isListed(talk);
          const line = readLine(typed, listed);
          if (before?.to !== undefined)
            return { known: { act: 'send', to: before.to, text: 'text' in line ? line.text : typed } };
          const reading = await this.readAnew(person, talk, line, typed, quoted);
          // At first this line was a command, addressed to nobody; a repetition must not turn it into a message.
          if (before && reading.act === 'send') return { known: ANSWERED_AT_FIRST };
          if (reading.act !== 'send') {
            talk.answeredAt = Date.now();
            await this.hub.recent.put(key, { listed } satisfies Before);
          }
          return { listed, reading };
        },
      );
      if ('known' in read) return read.known;
      const { listed, reading } = read;
      this.lately.set(key, { listed, ...(reading.act === 'send' ? { to: reading.to } : {}) });
      return this.unlessRepeated(person, reading);
    });
  }

  /**
   * Finds the first reading of a line that was only answered. Lines that were sent are recognised by the bus; the lookup is
   * needed only when the account answered the person lately.
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

  private unlessRepeated<Read extends Reading>(person: Address, reading: Read): Read | Unanswered {
    if (reading.act !== 'answer') return reading;
    const before = this.answered.get(person);
    const times = before?.text === reading.text ? before.times + 1 : 1;
    this.answered.set(person, { text: reading.text, times });
    // A bot of the person answers our answers: stop the loop.
    return times > MOST_ANSWERS
      ? { act: 'nothing', why: `the same answer was given ${MOST_ANSWERS} times within a minute` }
      : reading;
  }

  /** The recipient of content without text, such as a picture or a location. */
  whom(person: Address): Promise<Answer | Unanswered | { act: 'send'; to: Address }> {
    return this.talks.inTurn(person, async (change) => {
      const whom = await change((talk) => {
        talk.listedAt = undefined;
        return { to: chosenIn(talk)?.address, otherwise: this.nobody(talk) };
      });
      if (whom.to !== undefined) return { act: 'send', to: whom.to };
      return this.unlessRepeated(person, { act: 'answer', text: whom.otherwise });
    });
  }

  /**
   * Adds name, network and number of the correspondent to their text. The first correspondent who writes is chosen, and the
   * text says so. Ends the offer of a list: a number that follows may answer this text.
   */
  show(person: Address, from: Party, text: string): Promise<string> {
    return this.talks.inTurn(person, (change) =>
      change((talk) => {
        const was = chosenIn(talk)?.address;
        const correspondent = this.meet(talk, from);
        const place = talk.people.indexOf(correspondent);
        talk.chosen ??= place;
        talk.listedAt = undefined;
        const mark = chosenIn(talk)?.address === was ? '' : ` ${this.words.current}`;
        return `[${place + 1} ${shown(correspondent)}${mark}] ${text}`;
      }),
    );
  }

  /**
   * Sends somebody's words with `show`, and what belongs to them: a picture, or the rest of a long text, which have no name of
   * their own. Nothing that another correspondent says is sent in between, as the person would take one for the other.
   */
  say<T>(person: Address, from: Party, text: string, send: (said: string) => Promise<T>): Promise<T> {
    const work = async () => send(await this.show(person, from, text));
    return this.outgoing.run(this.talks.canonical(person), work);
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

  /** The networks that answers name: not those of the hub itself, nor test networks. */
  private offered(): Network[] {
    return this.hub.peers().filter(isOffered).slice(0, MOST_OFFERED);
  }

  private async chooseNew(person: Address, talk: Talk, address: Address, text: string): Promise<Reading> {
    const who = shown({ address });
    const reply = await this.resolved(address, person);
    // Not a valid id of that network.
    if (reply.code === '30') return { act: 'answer', text: this.words.noSuchPerson(who) };
    if (reply.code === '15')
      return { act: 'answer', text: this.words.noSuchNetwork(networkOf(address), this.offered()) };
    // No app has the number: an SMS or a call may reach it.
    if (reply.code === '14' && isTel(address)) return this.choose(talk, this.meet(talk, { address }), text);
    if (reply.code === '14') return { act: 'answer', text: this.words.noSuchPerson(who) };
    if (reply.code !== '00') return { act: 'answer', text: this.words.notReached(who) };
    return this.choose(
      talk,
      this.meet(talk, { address: this.talks.canonical(address), ...reply.party }),
      text,
    );
  }

  /** When a lookup fails, the answer has its code. */
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

  /** Makes a correspondent the latest. When all numbers are in use, the least recently used one is reassigned. */
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
}

/** Compares without regard to case and width. */
function sameName(one: string | undefined, other: string): boolean {
  return one !== undefined && toHalfWidth(one).toLowerCase() === toHalfWidth(other).toLowerCase();
}
