/** The phones that are open on the wall, for all browsers that show it. */
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { LOG, type Log } from '#service';
import type { PhoneId, PhoneView, WallView } from '../shared/events.js';
import { contactsOf, ownersOf, type Owner } from './directory.js';
import { EventLog } from './event-log.js';
import { OpenPhone } from './open-phone.js';
import { WALL_OPTIONS, type WallOptions } from './wall-network.js';

/** As many as can be seen side by side. */
const MOST_OPEN = 6;
/** Phones on the wall when it is seen for the first time. */
const AT_FIRST = 4;

export class UnknownPhone extends Error {}
export class TooManyPhones extends Error {}

@Injectable()
export class OpenPhones implements OnApplicationShutdown {
  readonly events = new EventLog();
  private readonly owners: readonly Owner[];
  private begun = false;
  /** Bounded by `MOST_OPEN`. */
  private readonly open = new Map<PhoneId, Promise<OpenPhone>>();

  constructor(
    @Inject(WALL_OPTIONS) private readonly options: WallOptions,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.owners = ownersOf(options.networks);
  }

  get ffmpeg(): string | undefined {
    return this.options.ffmpeg?.FFMPEG;
  }

  /** The first browser finds some phones on the wall, each of another network. */
  async pickUpSome(): Promise<void> {
    if (this.begun) return;
    this.begun = true;
    const first = this.owners.filter(
      ({ network }, at) => this.owners.findIndex((other) => other.network === network) === at,
    );
    for (const { id } of first.slice(0, AT_FIRST)) await this.pickUp(id);
  }

  view(): WallView {
    return { phones: this.owners.map((owner) => viewOf(owner, this.owners)), most: MOST_OPEN };
  }

  /** Opens the phone, unless it is open. @throws UnknownPhone, TooManyPhones, or what the network says */
  async pickUp(id: PhoneId): Promise<OpenPhone> {
    const known = this.open.get(id);
    if (known) return known;
    const owner = this.owners.find((one) => one.id === id);
    if (!owner) throw new UnknownPhone(`there is no phone ${id}`);
    if (this.open.size >= MOST_OPEN) throw new TooManyPhones(`at most ${MOST_OPEN} phones can be open`);
    const opening = this.dial(owner);
    this.open.set(id, opening);
    try {
      return await opening;
    } catch (error) {
      this.open.delete(id);
      throw error;
    }
  }

  async hangUp(id: PhoneId): Promise<void> {
    const phone = this.open.get(id);
    if (!phone) return;
    this.open.delete(id);
    this.events.tell({ type: 'closed', phone: id });
    await (await phone).close();
  }

  /** @throws UnknownPhone for one that is not open */
  get(id: PhoneId): Promise<OpenPhone> {
    const phone = this.open.get(id);
    if (!phone) throw new UnknownPhone(`the phone ${id} is not open`);
    return phone;
  }

  /** The phones that are open now, in the order in which they were opened. */
  async all(): Promise<OpenPhone[]> {
    const opened = await Promise.allSettled(this.open.values());
    return opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled([...this.open.keys()].map((id) => this.hangUp(id)));
  }

  private async dial(owner: Owner): Promise<OpenPhone> {
    const { owners, options, log } = this;
    const tell = this.events.tell.bind(this.events);
    const phone = await OpenPhone.open(owner, { owners, options, log, tell });
    tell({ type: 'opened', phone: owner.id });
    return phone;
  }
}

function viewOf(owner: Owner, owners: readonly Owner[]): PhoneView {
  const { id, network, native, address, name } = owner;
  const { slug, look, person, part } = network;
  return {
    id,
    network: slug,
    networkName: look.name,
    native,
    address,
    name,
    language: part.language ?? 'en',
    look: { bubble: look.bubble, colours: { ...look.colours } },
    pairs: look.pairs ?? false,
    sends: [...look.sends],
    abilities: [
      ...person.abilities,
      ...(look.calls ? ['call'] : []),
      ...(person.onlyCalls ? ['only-calls'] : []),
      ...(look.presence ? ['appear'] : []),
      ...(look.reactionsOneByOne ? ['react-once'] : []),
    ],
    contacts: contactsOf(owner, owners),
  };
}
