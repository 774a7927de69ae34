/**
 * How the people of this network are called and look. The adapter is asked once for each person, and passes on every change
 * that its network reports; the answer is kept in the network's bucket for 30 days. So a native event that says nothing
 * of a name renames nobody, and an avatar is fetched once for each change, not for each message.
 */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { Avatar, Party, personName, toHubError, type Address } from '#protocol';
import { runInBackground, sleep, tolerate, type Log } from '#service';
import type { Memory, NativeAvatar, NativeProfile, Profiling } from '../adapter.contract.js';
import { presentable } from '../party.js';
import type { AvatarPictures } from './avatar-pictures.js';

const TASK = 'profile';
const MOST_PEOPLE = 20_000;
/** The first message of a person waits this long for the name, and for the avatar; later ones wait for nothing. */
const NAME_MS = 2000;
const AVATAR_MS = 1500;
/** A network is asked again this long after the last answer. The media store forgets what nobody uses after a day. */
const ASK_AGAIN_MS = 12 * 3600_000;
const AFTER_FAILURE_MS = 60_000;
const MOST_VERSION = 200;

const Known = z.object({
  displayName: z.string().max(200).optional(),
  /** The name is made of the id: any name that the person gave replaces it, and it replaces none. */
  isFallback: z.boolean().optional(),
  avatar: Avatar.nullable().optional(),
  /** Of the avatar in the native network, as last fetched or refused for good. */
  version: z.string().max(MOST_VERSION).optional(),
  askedAt: z.number().optional(),
});
type Known = z.infer<typeof Known>;

interface Person {
  known: Known;
  /** Under way. */
  fetching?: Promise<void> | undefined;
  /** The latest that the network named. */
  wanted?: NativeAvatar | undefined;
  askAfter: number;
}

export class OwnProfiles {
  private readonly people = new LRUCache<Address, Promise<Person>>({ max: MOST_PEOPLE });

  constructor(
    private readonly adapter: Partial<Profiling>,
    private readonly memory: Pick<Memory, 'get' | 'put'>,
    private readonly pictures: Pick<AvatarPictures, 'take'>,
    private readonly log: Log,
  ) {}

  /** The sender of an event, with what is known. Never fails. Calls for one person resolve in the order of the calls. */
  async party({ address, displayName }: Party): Promise<Party> {
    const person = await this.person(address, true);
    if (displayName !== undefined) this.apply(address, person, { displayName });
    this.askAgain(address, person);
    return this.partyOf(address, person);
  }

  /** What is known already; the network is not asked. */
  async known(address: Address): Promise<Party> {
    return this.partyOf(address, await this.person(address, false));
  }

  /** The network reported a change. */
  learn(address: Address, profile: NativeProfile): void {
    runInBackground(TASK, this.log, async () => {
      this.apply(address, await this.person(address, false), profile);
    });
  }

  private partyOf(address: Address, { known }: Person): Party {
    const { displayName, avatar } = known;
    return {
      ...presentable({ address, ...(displayName === undefined ? {} : { displayName }) }),
      ...(avatar === undefined ? {} : { avatar }),
    };
  }

  private person(address: Address, ask: boolean): Promise<Person> {
    const before = this.people.get(address);
    // Somebody of whom only a change was reported has not been asked for yet.
    if (before && !ask) return before;
    const person = before ?? this.load(address);
    const asked = ask ? person.then((found) => this.askFirst(address, found)) : person;
    this.people.set(address, asked);
    return asked;
  }

  private async load(address: Address): Promise<Person> {
    const stored = await tolerate(TASK, this.log, () => this.memory.get(keyOf(address)));
    const known = Known.safeParse(stored ?? {});
    return { known: known.success ? known.data : {}, askAfter: 0 };
  }

  /** Waits, within limits, until the network has said how a person is called and looks. */
  private async askFirst(address: Address, person: Person): Promise<Person> {
    if (person.known.askedAt !== undefined || person.askAfter > Date.now() || !this.adapter.profileOf)
      return person;
    await within(NAME_MS, this.ask(address, person));
    if (person.fetching) await within(AVATAR_MS, person.fetching);
    return person;
  }

  private askAgain(address: Address, person: Person): void {
    const { askedAt = Date.now() } = person.known;
    if (!this.adapter.profileOf || Date.now() - askedAt < ASK_AGAIN_MS || person.askAfter > Date.now())
      return;
    // The same picture is fetched again: the media store may have forgotten it.
    person.known.version = undefined;
    runInBackground(TASK, this.log, () => this.ask(address, person));
  }

  private async ask(address: Address, person: Person): Promise<void> {
    person.askAfter = Date.now() + AFTER_FAILURE_MS;
    try {
      const profile = await this.adapter.profileOf?.(address);
      person.known.askedAt = Date.now();
      this.apply(address, person, profile ?? {}, true);
    } catch (thrown) {
      this.log.debug(
        { reason: toHubError(thrown).detail },
        'the network does not say how a person is called',
      );
    }
  }

  private apply(address: Address, person: Person, profile: NativeProfile, changed = false): void {
    const isNamed = this.rename(person.known, profile);
    const { avatar } = profile;
    const isBare = avatar === null && person.known.avatar !== null;
    if (isBare) {
      person.wanted = undefined;
      Object.assign(person.known, { avatar: null, version: undefined } satisfies Known);
    }
    if (isNamed || isBare || changed) this.keep(address, person);
    if (avatar) this.fetch(address, person, avatar);
  }

  private rename(known: Known, { displayName, fallbackName }: NativeProfile): boolean {
    const given = displayName === null ? undefined : personName(displayName);
    const hasNone = known.displayName === undefined || known.isFallback === true || displayName === null;
    const name = given ?? (hasNone ? personName(fallbackName) : undefined);
    if (name === undefined || name === known.displayName) return false;
    Object.assign(known, { displayName: name, isFallback: given === undefined } satisfies Known);
    return true;
  }

  private fetch(address: Address, person: Person, avatar: NativeAvatar): void {
    person.wanted = avatar;
    if (person.fetching) return;
    const work = this.fetchWanted(address, person).finally(() => (person.fetching = undefined));
    person.fetching = work;
    runInBackground(TASK, this.log, () => work);
  }

  private async fetchWanted(address: Address, person: Person): Promise<void> {
    for (let { wanted } = person; wanted; { wanted } = person) {
      if (person.known.version !== versionOf(wanted)) await this.take(address, person, wanted);
      if (person.wanted === wanted) person.wanted = undefined;
    }
  }

  private async take(address: Address, person: Person, avatar: NativeAvatar): Promise<void> {
    try {
      const kept = await this.pictures.take(avatar);
      // Meanwhile the network may have told of another one, or that there is none.
      if (person.wanted !== avatar) return;
      Object.assign(person.known, { avatar: kept, version: versionOf(avatar) } satisfies Known);
    } catch (thrown) {
      const { code, detail, verdict } = toHubError(thrown);
      this.log.info({ code, reason: detail }, 'an avatar was not taken');
      // Worth another try: the network is asked again soon. Otherwise this picture is not fetched again.
      Object.assign(person.known, verdict === 'retry' ? { askedAt: 0 } : { version: versionOf(avatar) });
    }
    this.keep(address, person);
  }

  private keep(address: Address, { known }: Person): void {
    runInBackground(TASK, this.log, () => this.memory.put(keyOf(address), known));
  }
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  const stop = new AbortController();
  await Promise.race([work, sleep(ms, stop.signal)]);
  stop.abort();
}

function versionOf({ version }: NativeAvatar): string {
  return version.length <= MOST_VERSION ? version : createHash('sha256').update(version).digest('base64url');
}

function keyOf(address: Address): string {
  return `profile.${createHash('sha256').update(address).digest('base64url').slice(0, 27)}`;
}
