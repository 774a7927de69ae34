/** Presence between people and ghosts: who asks, who allows, and what both sides see (RFC 7248). */
import { randomUUID } from 'node:crypto';
import type { Hub } from '#adapter-kit';
import type { Address, ContactEvent, PresenceEvent } from '#protocol';
import { guarded, LruCache, runInBackground } from '#service';
import { Bonds, without } from './bonds.js';
import type { Presence } from './documents/pidf.js';
import type { Publications } from './publications.js';
import type { Flow } from './stack/flow.js';
import type { SipRequest } from './stack/sip-message.js';
import type { Subscribed, Subscriptions } from './subscriptions.js';

export interface ContactsOptions {
  hub: Hub;
  subscriptions: Subscriptions;
  publications: Publications;
  addressOf: (user: string) => Address;
  /** A ghost wants to see the person: says so in words. */
  tell: (user: string, event: ContactEvent) => Promise<void>;
}

export class Contacts {
  private readonly bonds: Bonds;
  /** The last presence of ghosts that somebody sees. */
  private readonly shown = new LruCache<string, Presence>({ max: 50_000 });

  constructor(private readonly options: ContactsOptions) {
    this.bonds = new Bonds(options.hub.memory);
  }

  /** @throws HubError 91 when the request cannot be stored */
  async subscribe(user: string, ghost: Address, request: SipRequest, flow: Flow): Promise<Subscribed> {
    const { hub, subscriptions, addressOf } = this.options;
    const bond = await this.bonds.of(user, ghost);
    const subscribed = subscriptions.take(user, ghost, request, flow, bond.seesGhost === true);
    if (subscribed.status !== 200 && subscribed.status !== 202) return subscribed;
    const from = { address: addressOf(user) };
    if (subscribed.isNew && subscribed.seconds > 0) await this.ask(user, ghost);
    // NOTIFY follows its response, which is on the way when this turn has ended.
    const last = this.shown.get(`${user} ${ghost}`);
    setImmediate(guarded('first NOTIFY', hub.log, () => subscriptions.notifyAll(user, ghost, last)));
    if (bond.seesGhost) hub.probe(from, ghost);
    return subscribed;
  }

  /** Asks, if nobody has answered yet; and says yes to whoever asked before. */
  private async ask(user: string, ghost: Address): Promise<void> {
    const before = await this.bonds.change(user, ghost, ({ askedByGhost, ...bond }) => ({
      ...bond,
      asked: true,
      ...(askedByGhost ? { seenByGhost: true } : {}),
    }));
    if (!before.seesGhost) await this.submit(user, ghost, 'request');
    if (!before.askedByGhost) return;
    await this.submit(user, ghost, 'accept');
    this.present(user, ghost);
  }

  async fromBus(event: ContactEvent, user: string): Promise<void> {
    const { subscriptions, hub, addressOf } = this.options;
    const { action, from } = event.data;
    const ghost = from.address;
    switch (action) {
      case 'request':
        return this.requested(event, user);
      case 'accept':
        await this.bonds.change(user, ghost, (bond) => ({ ...bond, seesGhost: true }));
        subscriptions.accepted(user, ghost);
        hub.probe({ address: addressOf(user) }, ghost);
        return;
      case 'deny':
        await this.bonds.change(user, ghost, (bond) => without(bond, 'seesGhost', 'asked'));
        subscriptions.rejected(user, ghost);
        return;
      case 'remove':
        await this.bonds.change(user, ghost, (bond) => without(bond, 'seenByGhost', 'askedByGhost'));
    }
  }

  /** Whoever has subscribed to somebody wants them among the contacts: the answer to them is yes. */
  private async requested(event: ContactEvent, user: string): Promise<void> {
    const ghost = event.data.from.address;
    const before = await this.bonds.change(user, ghost, (bond) =>
      bond.asked || bond.seenByGhost ? { ...bond, seenByGhost: true } : { ...bond, askedByGhost: true },
    );
    if (before.asked || before.seenByGhost) {
      await this.submit(user, ghost, 'accept');
      this.present(user, ghost);
    } else if (!before.askedByGhost) await this.options.tell(user, event);
  }

  show({ data }: PresenceEvent, user: string): void {
    const { address } = data.from;
    const { availability, statusText } = data;
    const presence = { availability, ...(statusText ? { statusText } : {}) };
    this.shown.set(`${user} ${address}`, presence);
    this.options.subscriptions.notifyAll(user, address, presence);
  }

  async of(user: string, asker: Address): Promise<Presence | undefined> {
    const { seenByGhost } = await this.bonds.of(user, asker);
    return seenByGhost ? this.options.publications.of(user) : undefined;
  }

  /** Somebody published another presence: everybody who may see them is told. */
  changed(user: string, { availability, statusText }: Presence): void {
    const { hub, addressOf } = this.options;
    runInBackground('presence of a person', hub.log, async () => {
      for (const ghost of await this.bonds.watchersOf(user))
        hub.presence({ address: addressOf(user) }, ghost, availability, statusText);
    });
  }

  private present(user: string, ghost: Address): void {
    const { hub, publications, addressOf } = this.options;
    const presence = publications.of(user);
    if (presence)
      hub.presence({ address: addressOf(user) }, ghost, presence.availability, presence.statusText);
  }

  private async submit(user: string, to: Address, action: ContactEvent['data']['action']): Promise<void> {
    const from = { address: this.options.addressOf(user) };
    await this.options.hub.submitContact({
      nativeId: `${from.address} ${to} ${action} ${randomUUID()}`,
      from,
      to,
      action,
    });
  }
}
