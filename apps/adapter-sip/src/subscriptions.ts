/** Dialogs in which phones are told the presence of ghosts (SUBSCRIBE and NOTIFY, RFC 6665; RFC 3856). */
import type { Clock } from '#adapter-session';
import { toHubError, type Address } from '#protocol';
import { runInBackground, TurnsByKey, type Log } from '#service';
import { PIDF_TYPE, printPidf, type Presence } from './documents/pidf.js';
import { secondsOf } from './expires.js';
import type { Flow } from './stack/flow.js';
import { newTag } from './stack/sip-endpoint.js';
import { header, headerList, type Header, type SipRequest, type SipResponse } from './stack/sip-message.js';
import { parseNameAddr, tagOf } from './stack/sip-uri.js';

interface Subscription {
  key: string;
  user: string;
  ghost: Address;
  /** URI of the ghost, as the phone wrote it. */
  entity: string;
  /** Where NOTIFY goes, and by which proxies. */
  target: string;
  route: string[];
  flow: Flow;
  callId: string;
  /** From and To of our requests, with tags. */
  local: string;
  remote: string;
  event: string;
  sequence: number;
  until: number;
  active: boolean;
  presence: Presence | undefined;
  cancelEnd: () => void;
}

export interface SubscriptionsOptions {
  clock: Clock;
  log: Log;
  maxExpires: number;
  /** Contact of this server. */
  contact: () => string;
  send(request: SipRequest, flow: Flow): Promise<SipResponse>;
}

export type Subscribed =
  | { status: 200 | 202; headers: Header[]; toTag: string; isNew: boolean; seconds: number }
  | { status: 400 | 481 | 489 | 503; headers: Header[] };

const MOST_OF_ONE = 1000;
const MOST = 100_000;

export class Subscriptions {
  private readonly known = new Map<string, Subscription>();
  private readonly ofUser = new Map<string, Set<Subscription>>();
  private readonly turns = new TurnsByKey();

  constructor(private readonly options: SubscriptionsOptions) {}

  /** @param active the person may see the ghost */
  take(user: string, ghost: Address, request: SipRequest, flow: Flow, active: boolean): Subscribed {
    const [event = ''] = (header(request, 'event') ?? '').split(';');
    if (event.trim().toLowerCase() !== 'presence')
      return { status: 489, headers: [['allow-events', 'presence']] };
    const toTag = tagOf(header(request, 'to'));
    // Of this person: nobody continues the subscription of somebody else.
    const key = `${user} ${header(request, 'call-id')} ${tagOf(header(request, 'from'))}`;
    const known = this.known.get(key);
    if (toTag !== undefined && (!known || tagOf(known.local) !== toTag)) return { status: 481, headers: [] };
    const contact = parseNameAddr(headerList(request, 'contact')[0] ?? '');
    if (!contact && !known) return { status: 400, headers: [] };
    if (!known && (this.known.size >= MOST || this.countOf(user) >= MOST_OF_ONE))
      return { status: 503, headers: [['retry-after', '60']] };
    const seconds = secondsOf(request, this.options.maxExpires);
    const subscription = known ?? this.enter(key, user, ghost, request, contact?.uri ?? '');
    subscription.flow = flow;
    if (contact) subscription.target = contact.uri;
    subscription.active = active;
    this.prolong(subscription, seconds);
    return {
      status: active ? 200 : 202,
      toTag: tagOf(subscription.local) ?? '',
      isNew: !known,
      seconds,
      headers: [
        ['expires', String(seconds)],
        ['contact', this.options.contact()],
        // A dialog goes through the proxies that asked for it (RFC 3261 §12.1.1).
        ...headerList(request, 'record-route').map((route): Header => ['record-route', route]),
      ],
    };
  }

  /** Tells the phone the state that it has subscribed to; RFC 6665 §4.2.1.2 asks for it after each SUBSCRIBE. */
  notifyAll(user: string, ghost: Address, presence?: Presence): void {
    for (const subscription of this.between(user, ghost)) {
      if (presence) subscription.presence = presence;
      this.notify(subscription);
    }
  }

  accepted(user: string, ghost: Address): void {
    for (const subscription of this.between(user, ghost)) subscription.active = true;
    this.notifyAll(user, ghost);
  }

  rejected(user: string, ghost: Address): void {
    for (const subscription of this.between(user, ghost)) this.end(subscription, 'rejected');
  }

  stop(): void {
    for (const subscription of this.known.values()) this.remove(subscription);
  }

  private between(user: string, ghost: Address): Subscription[] {
    return [...(this.ofUser.get(user) ?? [])].filter((one) => one.ghost === ghost);
  }

  private countOf(user: string): number {
    return this.ofUser.get(user)?.size ?? 0;
  }

  private enter(
    key: string,
    user: string,
    ghost: Address,
    request: SipRequest,
    target: string,
  ): Subscription {
    const to = header(request, 'to') ?? '';
    const subscription: Subscription = {
      key,
      user,
      ghost,
      entity: parseNameAddr(to)?.uri ?? '',
      target,
      route: headerList(request, 'record-route'),
      flow: undefined as never,
      callId: header(request, 'call-id') ?? '',
      local: `${to};tag=${newTag()}`,
      remote: header(request, 'from') ?? '',
      event: header(request, 'event') ?? 'presence',
      sequence: 0,
      until: 0,
      active: false,
      presence: undefined,
      cancelEnd: () => undefined,
    };
    this.known.set(key, subscription);
    this.ofUser.set(user, (this.ofUser.get(user) ?? new Set()).add(subscription));
    return subscription;
  }

  private prolong(subscription: Subscription, seconds: number): void {
    const { clock } = this.options;
    subscription.cancelEnd();
    subscription.until = clock.now() + seconds * 1000;
    subscription.cancelEnd = clock.after(seconds * 1000, () => this.end(subscription, 'timeout'));
  }

  private end(subscription: Subscription, reason: 'timeout' | 'rejected'): void {
    if (!this.known.has(subscription.key)) return;
    this.remove(subscription);
    this.notify(subscription, `terminated;reason=${reason}`);
  }

  private remove(subscription: Subscription): void {
    subscription.cancelEnd();
    this.known.delete(subscription.key);
    const others = this.ofUser.get(subscription.user);
    others?.delete(subscription);
    if (others?.size === 0) this.ofUser.delete(subscription.user);
  }

  private notify(subscription: Subscription, ended?: string): void {
    const left = Math.max(0, Math.round((subscription.until - this.options.clock.now()) / 1000));
    const state = ended ?? `${subscription.active ? 'active' : 'pending'};expires=${left}`;
    const request = notifyOf(subscription, state, this.options.contact());
    runInBackground('SIP NOTIFY', this.options.log, () =>
      this.turns.run(subscription.key, () => this.deliver(subscription, request)),
    );
  }

  private async deliver(subscription: Subscription, request: SipRequest): Promise<void> {
    try {
      const { status } = await this.options.send(request, subscription.flow);
      if (status === 481 || status === 404 || status === 489) this.remove(subscription);
    } catch (error) {
      // The phone has gone without a word (RFC 6665 §4.2.2); it subscribes again when it is back.
      this.options.log.debug({ reason: toHubError(error).detail }, 'NOTIFY not answered');
      this.remove(subscription);
    }
  }
}

function notifyOf(subscription: Subscription, state: string, contact: string): SipRequest {
  const { active, presence, entity } = subscription;
  const document = active && presence ? printPidf(entity, presence) : '';
  return {
    kind: 'request',
    method: 'NOTIFY',
    uri: subscription.target,
    headers: [
      ...subscription.route.map((route): Header => ['route', route]),
      ['max-forwards', '70'],
      ['from', subscription.local],
      ['to', subscription.remote],
      ['call-id', subscription.callId],
      ['cseq', `${++subscription.sequence} NOTIFY`],
      ['contact', contact],
      ['event', subscription.event],
      ['subscription-state', state],
      ...(document === '' ? [] : [['content-type', PIDF_TYPE] as const]),
    ],
    body: Buffer.from(document),
  };
}
