/** The contacts of a phone, whose presence it subscribes to. */
import { randomUUID } from 'node:crypto';
import { inBackground, type Sight, type Timeline } from '#simulators';
import { shownAs } from './addresses.js';
import type { SipRequest } from './sip-message.js';
import { Subscription } from './subscription.js';
import { NoAnswer, type Answer } from './transactions.js';
import type { UserAgent } from './user-agent.js';

export interface ContactListOptions {
  domain: string;
  contact: () => string;
  expires: number;
  timeline: Timeline;
}

const MOST_CONTACTS = 1000;

export class ContactList {
  private readonly subscriptions = new Map<string, Subscription>();

  constructor(
    private readonly agent: UserAgent,
    private readonly options: ContactListOptions,
  ) {}

  shown(): { native: string; name: string; state: string }[] {
    return [...this.subscriptions].map(([address, { presence, state }]) => {
      const native = this.nativeOf(address);
      return {
        native,
        name: native,
        state: presence?.state ?? (state === 'pending' ? 'pending' : 'unknown'),
      };
    });
  }

  /** @throws Error if the server refuses the subscription */
  async add(address: string): Promise<{ id: string }> {
    if (this.subscriptions.size >= MOST_CONTACTS)
      throw new Error('the phone has no room for another contact');
    const known = this.subscriptions.get(address);
    const subscription = known ?? this.newSubscription(address);
    this.subscriptions.set(address, subscription);
    const { status, reason } = await subscription.subscribe();
    if (status < 300) return { id: randomUUID() };
    this.subscriptions.delete(address);
    throw new Error(`the server does not take the subscription: ${status} ${reason}`);
  }

  async remove(address: string): Promise<{ id: string }> {
    const subscription = this.subscriptions.get(address);
    if (!subscription) throw new Error(`${this.nativeOf(address)} is no contact`);
    this.subscriptions.delete(address);
    await subscription.end();
    return { id: randomUUID() };
  }

  /** @throws NoAnswer */
  async renew(): Promise<void> {
    for (const subscription of this.subscriptions.values())
      if (subscription.state !== 'ended') await subscription.subscribe();
  }

  take(notify: SipRequest): Answer {
    for (const subscription of this.subscriptions.values())
      if (subscription.has(notify)) {
        subscription.take(notify);
        return { status: 200, reason: 'OK' };
      }
    return { status: 481, reason: 'Subscription Does Not Exist' };
  }

  private newSubscription(address: string): Subscription {
    const { contact, expires } = this.options;
    const from = this.nativeOf(address);
    const see = (kind: Sight['kind'], more: Partial<Sight> = {}): void =>
      this.options.timeline.see({ kind, from, id: randomUUID(), ...more });
    const subscription = new Subscription(this.agent, address, contact, expires, {
      accepted: () => see('accepted'),
      denied: (state) => see('denied', { state }),
      presence: ({ state, mood }) =>
        see('presence', { state, ...(mood === undefined ? {} : { text: mood }) }),
      again: () => inBackground('a subscription', () => this.again(subscription)),
    });
    return subscription;
  }

  private async again(subscription: Subscription): Promise<void> {
    try {
      await subscription.subscribe();
    } catch (error) {
      // The next registration asks again.
      if (!(error instanceof NoAnswer)) throw error;
    }
  }

  private nativeOf(address: string): string {
    return shownAs(address, this.options.domain);
  }
}
