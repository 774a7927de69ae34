/**
 * Names and avatars of people of other networks, as their last event had them; stored in the network's bucket for 30 days
 * after the last event. An event without a name gets the name known before, so that the ghost keeps its name; an avatar is
 * fetched and shown once for each change.
 */
import { hash } from 'node:crypto';
import { z } from 'zod';
import {
  isReserved,
  MediaUrl,
  networkOf,
  toHubError,
  type Address,
  type Avatar,
  type Party,
} from '#protocol';
import { LruCache, runInBackground, tolerate, type Log } from '#service';
import type { AvatarShowing } from '../abilities.contract.js';
import type { Memory } from '../memory.contract.js';
import { presentableParty } from '../presentable-party.js';
import type { AvatarPictures } from './avatar-pictures.js';

const TASK = 'avatar of a remote person';
const MOST_PEOPLE = 20_000;
/** The bucket deletes values after 30 days: profiles of active people are stored again after this time. */
const STORE_AGAIN_MS = 7 * 24 * 3600_000;
const AFTER_FAILURE_MS = 10 * 60_000;

const Known = z.object({
  displayName: z.string().max(200).optional(),
  /** URL of the avatar that is shown. null: no avatar is shown. Absent: unknown. */
  shown: MediaUrl.nullable().optional(),
  at: z.number(),
});
type Known = z.infer<typeof Known>;

interface Person {
  known: Known;
  showing: boolean;
  /** The latest avatar, received while another one is being shown. */
  next?: { avatar: Avatar | null; to: Address } | undefined;
  tryAfter: number;
}

export class RemoteProfiles {
  private readonly people = new LruCache<Address, Promise<Person>>({ max: MOST_PEOPLE });

  constructor(
    private readonly adapter: Partial<AvatarShowing>,
    private readonly memory: Pick<Memory, 'get' | 'put'>,
    private readonly pictures: Pick<AvatarPictures, 'fetch'>,
    private readonly log: Log,
  ) {}

  /**
   * A party of another network, with a clean name and the name known before. Never rejects.
   * @param to recipient of the event. Absent: no avatar is shown
   */
  async party(told: Party, to?: Address): Promise<Party> {
    const { avatar, ...party } = presentableParty(told);
    if (isReserved(networkOf(party.address))) return party;
    const person = await this.person(party.address);
    const { known } = person;
    const { displayName = known.displayName } = party;
    const isOld = Date.now() - known.at > STORE_AGAIN_MS;
    if (isOld) Object.assign(known, { at: Date.now(), shown: undefined } satisfies Known);
    if (displayName !== known.displayName || isOld) {
      known.displayName = displayName;
      this.keep(party.address, known);
    }
    const named = displayName === undefined ? party : { ...party, displayName };
    if (avatar !== undefined && to !== undefined) this.show(named, person, avatar, to);
    return named;
  }

  private person(address: Address): Promise<Person> {
    const before = this.people.get(address);
    if (before) return before;
    const person = this.load(address);
    this.people.set(address, person);
    return person;
  }

  private async load(address: Address): Promise<Person> {
    const stored = await tolerate(TASK, this.log, () => this.memory.get(keyOf(address)));
    const known = Known.safeParse(stored);
    return { known: known.success ? known.data : { at: Date.now() }, showing: false, tryAfter: 0 };
  }

  private show(party: Party, person: Person, avatar: Avatar | null, to: Address): void {
    if (!this.adapter.showAvatar) return;
    if (person.showing) {
      person.next = { avatar, to };
      return;
    }
    const url = avatar?.url ?? null;
    // A person without a known avatar needs no removal.
    if ((person.known.shown ?? null) === url || person.tryAfter > Date.now()) return;
    person.showing = true;
    runInBackground(TASK, this.log, async () => {
      await this.shown(party, person, avatar, to);
      const { next } = person;
      Object.assign(person, { showing: false, next: undefined } satisfies Partial<Person>);
      if (next) this.show(party, person, next.avatar, next.to);
    });
  }

  private async shown(party: Party, person: Person, avatar: Avatar | null, to: Address): Promise<void> {
    try {
      if (avatar) {
        await using picture = await this.pictures.fetch(avatar);
        await this.adapter.showAvatar?.(party, picture, to);
      } else await this.adapter.showAvatar?.(party, undefined, to);
      person.known.shown = avatar?.url ?? null;
      this.keep(party.address, person.known);
    } catch (thrown) {
      const { code, detail } = toHubError(thrown);
      this.log.info({ code, reason: detail }, 'avatar not shown');
      person.tryAfter = Date.now() + AFTER_FAILURE_MS;
    }
  }

  private keep(address: Address, known: Known): void {
    runInBackground(TASK, this.log, () => this.memory.put(keyOf(address), known));
  }
}

function keyOf(address: Address): string {
  return `foreign.${hash('sha256', address, 'base64url').slice(0, 27)}`;
}
