/** Presence and subscriptions (RFC 6121 §3, §4) between subscribers and ghosts. */
import { randomUUID } from 'node:crypto';
import type { Element } from '@xmpp/component';
import {
  HubError,
  isTel,
  nativeOf,
  toHubError,
  type Address,
  type Availability,
  type ContactEvent,
  type Party,
  type EventId,
  type PresenceEvent,
  type ReportEvent,
} from '#protocol';
import type { Hub } from '#adapter-kit';
import { LruCache, TurnsByKey } from '#service';
import { ghostCaps } from './service-discovery.js';
import { presence, subscription } from './from-canonical.js';
import type { Ghosts } from './ghosts.js';
import { queuedAs } from './server-queue.js';
import { parseJid } from './jids.js';
import { readAvailability } from './to-canonical.js';

/** The subscriptions between one subscriber and one ghost. */
interface Bond {
  /** The subscriber sees the ghost's presence. */
  seesGhost: boolean;
  /** The ghost sees the subscriber's presence. */
  seenByGhost: boolean;
  /** The ghost is a telephone number without an app. */
  telephone?: boolean;
}

interface Appearance {
  availability: Availability;
  statusText?: string;
}

/** Resources of one person whose presence is kept: the latest. */
const MOST_RESOURCES = 30;

type Send = (ghost: Address, stanza: Element) => void;
type Deliver = (ghost: Address, stanza: Element) => Promise<void>;

const RANK: Availability[] = ['available', 'dnd', 'away', 'xa', 'offline', 'unknown'];

export class Contacts {
  /** Presence of a subscriber's resources, as the server sent it to subscribed ghosts. Whoever is not in it is probed. */
  private readonly resources = new LruCache<Address, Map<string, Appearance>>({ max: 20_000 });

  /** One change after the other for each pair: both sides may consent at the same moment. */
  private readonly changes = new TurnsByKey();
  /** What subscribers ask and take back, one after the other for each pair: a request that waits for an answer is not overtaken. */
  private readonly said = new TurnsByKey();

  constructor(
    private readonly hub: Hub,
    private readonly ghosts: Ghosts,
    private readonly send: Send,
    private readonly deliver: Deliver,
  ) {}

  /**
   * Resolves when the contact change is stored on the bus.
   * @throws HubError 14 for a request to an unknown person, 30 for a type that RFC 6121 does not define
   */
  async fromNative(stanza: Element, from: Party, ghost: Address): Promise<void> {
    const submit = async (action: ContactEvent['data']['action']) => {
      const id = await this.hub.submitContact({
        // Ids of clients hold within one stream only; the id in the server's queue is the same when it hands over again.
        nativeId: `${from.address} ${ghost} ${action} ${queuedAs(stanza) ?? randomUUID()}`,
        from,
        to: ghost,
        action,
      });
      if (action === 'request') await this.hub.recent.put(requestKey(id), true);
    };
    const inTurn = (work: () => Promise<void>) => this.said.run(bondKey(from.address, ghost), work);
    const { type } = stanza.attrs;
    switch (type) {
      case 'subscribe':
      case 'subscribed':
      case 'unsubscribe':
      case 'unsubscribed':
        return inTurn(() => this.changeSubscription(type, from.address, ghost, submit));
      case 'probe':
        if (isTel(ghost) && (await this.showTelephone(from.address, ghost))) return;
        this.hub.probe(from, ghost);
        return;
      case undefined:
      case 'unavailable':
        this.appeared(stanza, from, ghost);
        return;
      default:
        throw new HubError('30', `presence of type ${type.slice(0, 50)}`);
    }
  }

  private async changeSubscription(
    type: 'subscribe' | 'subscribed' | 'unsubscribe' | 'unsubscribed',
    subscriber: Address,
    ghost: Address,
    submit: (action: ContactEvent['data']['action']) => Promise<void>,
  ): Promise<void> {
    switch (type) {
      case 'subscribe':
        // The server repeats a request at every login until it is answered: publish it once.
        if (!(await this.isNobody(ghost, subscriber))) return submit('request');
        if (!isTel(ghost)) throw new HubError('14', 'no such person');
        return this.becomeTelephone(subscriber, ghost);
      case 'subscribed':
        await this.bind(subscriber, ghost, { seenByGhost: true });
        return submit('accept');
      case 'unsubscribed':
        await this.bind(subscriber, ghost, { seenByGhost: false });
        return submit('deny');
      case 'unsubscribe': {
        const { telephone } = await this.bond(subscriber, ghost);
        await this.bind(subscriber, ghost, { seesGhost: false, telephone: false });
        return telephone ? undefined : submit('remove');
      }
    }
  }

  /**
   * Nobody has an app under this number who could allow or deny, so the request is allowed, as gateways to the telephone
   * network do: clients offer a call only to contacts whose presence names the features of calls (XEP-0115).
   */
  private async becomeTelephone(subscriber: Address, ghost: Address): Promise<void> {
    await this.bind(subscriber, ghost, { seesGhost: true, telephone: true });
    const [from, to] = [await this.ghosts.jidOf(ghost), nativeOf(subscriber)];
    await this.deliver(ghost, subscription(from, to, 'subscribed'));
    await this.showTelephone(subscriber, ghost);
  }

  /** @returns false: the person behind the number shows their presence themselves */
  private async showTelephone(subscriber: Address, ghost: Address): Promise<boolean> {
    const { telephone } = await this.bond(subscriber, ghost);
    if (!telephone) return false;
    const from = await this.ghosts.fullJidOf(ghost);
    this.send(ghost, presence(from, nativeOf(subscriber), 'available', undefined, ghostCaps()));
    return true;
  }

  /**
   * A request that did not arrive: its answer is `unsubscribed`, so that the server does not repeat it.
   * @returns false: the report is about something else
   */
  async requestFailed({ data }: ReportEvent): Promise<boolean> {
    if ((await this.hub.recent.get(requestKey(data.message))) === undefined) return false;
    const ghost = data.from.address;
    await this.bind(data.to, ghost, { seesGhost: false });
    await this.deliver(
      ghost,
      subscription(await this.ghosts.jidOf(ghost), nativeOf(data.to), 'unsubscribed'),
    );
    return true;
  }

  /** If the remote network does not say whether the person exists, the request is sent there. */
  private async isNobody(ghost: Address, asker: Address): Promise<boolean> {
    try {
      return (await this.hub.resolve(ghost, asker)).code === '14';
    } catch (error) {
      this.hub.log.debug({ reason: toHubError(error).detail }, 'not known whether the person exists');
      return false;
    }
  }

  async fromBus({ data }: ContactEvent): Promise<void> {
    const ghost = data.from.address;
    const [from, to] = [await this.ghosts.jidOf(ghost), nativeOf(data.to)];
    const tell = (type: string) =>
      this.deliver(ghost, subscription(from, to, type, this.ghosts.nameOf(data.from), data.note));
    switch (data.action) {
      case 'request':
        return tell('subscribe');
      case 'accept':
        await this.bind(data.to, ghost, { seesGhost: true });
        await tell('subscribed');
        this.hub.probe({ address: data.to }, ghost);
        return;
      case 'deny':
        await this.bind(data.to, ghost, { seesGhost: false });
        return tell('unsubscribed');
      case 'remove':
        await this.bind(data.to, ghost, { seenByGhost: false });
        return tell('unsubscribe');
    }
  }

  async show({ data }: PresenceEvent): Promise<void> {
    const ghost = data.from.address;
    const bond = await this.bond(data.to, ghost);
    if (!bond.seesGhost) return;
    const from = await this.ghosts.fullJidOf(ghost);
    const stanza = presence(
      from,
      nativeOf(data.to),
      data.availability,
      data.statusText,
      ghostCaps(),
      this.ghosts.nameOf(data.from),
    );
    stanza.append(await this.ghosts.avatars.hash(ghost));
    this.send(ghost, stanza);
  }

  /** The presence that the server sent to this ghost. If it has sent none, probes; the answer comes as presence. */
  async of(subscriber: Address, asker: Address): Promise<Appearance | undefined> {
    const bond = await this.bond(subscriber, asker);
    if (!bond.seenByGhost) return undefined;
    const known = this.best(subscriber);
    if (!known) this.send(asker, subscription(await this.ghosts.jidOf(asker), nativeOf(subscriber), 'probe'));
    return known;
  }

  private appeared(stanza: Element, from: Party, ghost: Address): void {
    const resource = parseJid(stanza.attrs['from'] ?? '').resource ?? '';
    const resources = this.resources.get(from.address) ?? new Map<string, Appearance>();
    this.resources.set(from.address, resources);
    resources.delete(resource);
    resources.set(resource, readAvailability(stanza));
    const [oldest] = resources.keys();
    if (resources.size > MOST_RESOURCES && oldest !== undefined) resources.delete(oldest);
    const { availability, statusText } = this.best(from.address) ?? { availability: 'offline' as const };
    if ([...resources.values()].every((one) => one.availability === 'offline'))
      this.resources.delete(from.address);
    this.hub.presence(from, ghost, availability, statusText);
  }

  private best(subscriber: Address): Appearance | undefined {
    const known = [...(this.resources.get(subscriber)?.values() ?? [])];
    return known.sort((one, other) => RANK.indexOf(one.availability) - RANK.indexOf(other.availability))[0];
  }

  private async bond(subscriber: Address, ghost: Address): Promise<Bond> {
    return (
      ((await this.hub.memory.get(bondKey(subscriber, ghost))) as Bond | undefined) ?? {
        seesGhost: false,
        seenByGhost: false,
      }
    );
  }

  private bind(subscriber: Address, ghost: Address, change: Partial<Bond>): Promise<void> {
    const key = bondKey(subscriber, ghost);
    return this.changes.run(key, async () =>
      this.hub.memory.put(key, { ...(await this.bond(subscriber, ghost)), ...change }),
    );
  }
}

function requestKey(id: EventId): string {
  return `request.${id}`;
}

function bondKey(subscriber: Address, ghost: Address): string {
  return `bond.${Buffer.from(subscriber).toString('base64url')}.${Buffer.from(ghost).toString('base64url')}`;
}
