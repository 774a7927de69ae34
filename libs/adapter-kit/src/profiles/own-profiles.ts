/**
 * Names and avatars of this network's people. The adapter is asked once for each person, and reports every change that its
 * network reports; the answer is stored in the network's bucket for 30 days. So a native event without a name leaves the name
 * unchanged, and an avatar is fetched once for each change, not for each message. An answer that may be out of date,
 * because the network does not report changes, is requested again with the next event.
 */
import { hash } from 'node:crypto';
import { z } from 'zod';
import { Avatar, Party, personName, toHubError, type Address } from '#protocol';
import { LruCache, runInBackground, settled, sleep, tolerate, type Log } from '#service';
import type { Profiling } from '../abilities.contract.js';
import type { NativeAvatar, NativeProfile } from '../drafts.contract.js';
import type { Memory } from '../memory.contract.js';
import { presentableParty } from '../presentable-party.js';
import type { AvatarPictures } from './avatar-pictures.js';

const TASK = 'profile';
const MOST_PEOPLE = 20_000;
/** How long an event waits for: the first answer, a new avatar, an answer that replaces an outdated one; ms. */
const NAME_MS = 2000;
const AVATAR_MS = 3000;
const CHANGE_MS = 300;
/** Age of an answer after which a network that reports changes is asked again, ms. */
const ASK_AGAIN_MS = 12 * 3600_000;
/** An avatar is stored again after this time: the media store deletes unused objects after a day. */
const STORE_AGAIN_MS = 12 * 3600_000;
const AFTER_FAILURE_MS = 60_000;
const MOST_VERSION = 200;

const Known = z.object({
  displayName: z.string().max(200).optional(),
  /** The name is derived from the id: it never replaces a name that the person chose. */
  isFallback: z.boolean().optional(),
  avatar: Avatar.nullable().optional(),
  /** Version of the native avatar that was last fetched, or refused for good. */
  version: z.string().max(MOST_VERSION).optional(),
  /** When that was; ms since 1970. */
  versionAt: z.number().optional(),
  askedAt: z.number().optional(),
});
type Known = z.infer<typeof Known>;

interface Person {
  known: Known;
  fetching?: Promise<void> | undefined;
  /** Events of this person wait for this promise. One promise for all of them, so that they stay in order. */
  patience?: Promise<void> | undefined;
  /** The latest avatar that the network reported. */
  wanted?: NativeAvatar | undefined;
  askAfter: number;
  /** `known` is stored in the bucket. */
  isKept: boolean;
}

export class OwnProfiles {
  private readonly people = new LruCache<Address, Promise<Person>>({ max: MOST_PEOPLE });

  constructor(
    private readonly adapter: Partial<Profiling>,
    private readonly memory: Pick<Memory, 'get' | 'put'>,
    private readonly pictures: Pick<AvatarPictures, 'take'>,
    private readonly log: Log,
  ) {}

  /** The sender of an event with name and avatar. Never rejects. Calls for one person resolve in the order of the calls. */
  async party({ address, displayName }: Party): Promise<Party> {
    const person = await this.person(address, true);
    if (displayName !== undefined) this.apply(address, person, { displayName });
    this.askAgain(address, person);
    await person.patience;
    return this.partyOf(address, person);
  }

  /** What is known, without asking the network. */
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
      ...presentableParty({ address, ...(displayName === undefined ? {} : { displayName }) }),
      ...(avatar === undefined ? {} : { avatar }),
    };
  }

  private person(address: Address, ask: boolean): Promise<Person> {
    const before = this.people.get(address);
    // A person of whom only a change was reported may not have been asked for yet.
    if (before && !ask) return before;
    const person = before ?? this.load(address);
    const asked = ask ? person.then((found) => this.askFirst(address, found)) : person;
    this.people.set(address, asked);
    return asked;
  }

  private async load(address: Address): Promise<Person> {
    const stored = await tolerate(TASK, this.log, () => this.memory.get(keyOf(address)));
    const known = Known.safeParse(stored ?? {});
    return {
      known: known.success ? known.data : {},
      askAfter: 0,
      isKept: stored !== undefined && known.success,
    };
  }

  /** Asks the network for a person's profile, unless it answered before; waits at most NAME_MS for the answer. */
  private async askFirst(address: Address, person: Person): Promise<Person> {
    if (person.known.askedAt !== undefined || person.askAfter > Date.now() || !this.adapter.profileOf)
      return person;
    await within(NAME_MS, this.ask(address, person));
    return person;
  }

  private askAgain(address: Address, person: Person): void {
    const { profileAgeMs = ASK_AGAIN_MS } = this.adapter;
    const { askedAt = Date.now() } = person.known;
    if (!this.adapter.profileOf || Date.now() - askedAt < profileAgeMs || person.askAfter > Date.now())
      return;
    const asked = this.ask(address, person);
    if (profileAgeMs < ASK_AGAIN_MS) this.waitFor(person, CHANGE_MS, asked);
    runInBackground(TASK, this.log, () => asked);
  }

  private async ask(address: Address, person: Person): Promise<void> {
    person.askAfter = Date.now() + AFTER_FAILURE_MS;
    try {
      const profile = await this.adapter.profileOf?.(address);
      person.known.askedAt = Date.now();
      person.askAfter = 0;
      this.apply(address, person, profile ?? {});
    } catch (thrown) {
      this.log.debug({ reason: toHubError(thrown).detail }, 'profile request failed');
    }
  }

  private apply(address: Address, person: Person, profile: NativeProfile): void {
    const isFirst = person.known.askedAt !== undefined && !person.isKept;
    const isNamed = this.rename(person.known, profile);
    const { avatar } = profile;
    const isBare = avatar === null && person.known.avatar !== null;
    if (isBare) {
      person.wanted = undefined;
      Object.assign(person.known, { avatar: null, version: undefined } satisfies Known);
    }
    if (isNamed || isBare || isFirst) this.keep(address, person);
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
    this.waitFor(person, AVATAR_MS, work);
    runInBackground(TASK, this.log, () => work);
  }

  private async fetchWanted(address: Address, person: Person): Promise<void> {
    for (let { wanted } = person; wanted; { wanted } = person) {
      const { version, versionAt = 0 } = person.known;
      const isOld = Date.now() - versionAt > STORE_AGAIN_MS;
      if (version !== versionOf(wanted) || isOld) await this.take(address, person, wanted);
      if (person.wanted === wanted) person.wanted = undefined;
    }
  }

  private async take(address: Address, person: Person, avatar: NativeAvatar): Promise<void> {
    try {
      const kept = await this.pictures.take(avatar);
      // Meanwhile the network may have reported another avatar, or none.
      if (person.wanted !== avatar) return;
      Object.assign(person.known, {
        avatar: kept,
        version: versionOf(avatar),
        versionAt: Date.now(),
      } satisfies Known);
    } catch (thrown) {
      const { code, detail, verdict } = toHubError(thrown);
      this.log.info({ code, reason: detail }, 'avatar not fetched');
      // A retryable error: the network is asked again with the next event. Otherwise this version is not fetched again.
      const refused = { version: versionOf(avatar), versionAt: Date.now() };
      Object.assign(person.known, verdict === 'retry' ? { askedAt: 0 } : refused);
    }
    this.keep(address, person);
  }

  private waitFor(person: Person, ms: number, work: Promise<void>): void {
    const patience = Promise.all([person.patience, within(ms, work)]).then(() => undefined);
    person.patience = patience;
    runInBackground(TASK, this.log, async () => {
      await patience;
      if (person.patience === patience) person.patience = undefined;
    });
  }

  private keep(address: Address, person: Person): void {
    person.isKept = true;
    runInBackground(TASK, this.log, () => this.memory.put(keyOf(address), person.known));
  }
}

/** Resolves when the work has settled, or after `ms`. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  const stop = new AbortController();
  await Promise.race([settled(work), sleep(ms, stop.signal)]);
  stop.abort();
}

function versionOf({ version }: NativeAvatar): string {
  return version.length <= MOST_VERSION ? version : hash('sha256', version, 'base64url');
}

function keyOf(address: Address): string {
  return `profile.${hash('sha256', address, 'base64url').slice(0, 27)}`;
}
