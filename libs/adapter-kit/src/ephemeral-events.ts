/** Ephemeral events, typing and presence: sent over core NATS, not stored, dropped while the bus is away. */
import type { Msg } from '@nats-io/transport-node';
import {
  pathOf,
  conversationId,
  direct,
  encodeEvent,
  eventId,
  HubError,
  isEphemeral,
  readEvent,
  subjects,
  withoutAvatar,
  type Address,
  type EphemeralEvent,
  type Network,
  type Party,
} from '#protocol';
import type { BusConnection } from '#bus';
import { guarded, LruCache, metrics, type Log } from '#service';
import type { PresenceShowing, TypingShowing } from './abilities.contract.js';
import { presentableParty, withSender } from './presentable-party.js';
import type { RemoteProfiles } from './profiles/remote-profiles.js';

type TypingState = Extract<EphemeralEvent, { type: 'im.hutong.typing.v1' }>['data']['state'];
type PresenceData = Extract<EphemeralEvent, { type: 'im.hutong.presence.v1' }>['data'];

export interface EphemeralEventsOptions {
  network: Network;
  connection: BusConnection;
  adapter: Partial<TypingShowing & PresenceShowing>;
  profiles: Pick<RemoteProfiles, 'party'>;
  /** Several processes of the adapter work at a time: each event is shown by one of them. */
  isShared: boolean;
  log: Log;
}

export class EphemeralEvents {
  private counter = 0;
  /** Last presence sent, by subscriber and recipient: an unchanged one is not sent again within a minute. */
  private readonly lastPresence = new LruCache<string, string>({ max: 20_000, ttl: 60_000 });

  constructor(private readonly options: EphemeralEventsOptions) {}

  async start(): Promise<void> {
    await this.options.connection.onSession(({ nc }) => {
      nc.subscribe(subjects.signalOut(this.options.network), {
        ...(this.options.isShared ? { queue: 'adapter' } : {}),
        callback: guarded('ephemeral events', this.options.log, (error: Error | null, message: Msg) =>
          error ? undefined : this.received(message.data),
        ),
      });
    });
  }

  typing(from: Party, to: Address, state: TypingState, ttlMs: number): void {
    this.send('typing', from, to, { from, to, state, ttlMs });
  }

  presence(data: PresenceData): void {
    const key = `${data.from.address} ${data.to}`;
    const value = `${data.availability} ${data.statusText ?? ''}`;
    if (!data.probe && this.lastPresence.get(key) === value) return;
    if (!data.probe) this.lastPresence.set(key, value);
    this.send('presence', data.from, data.to, data);
  }

  private send(kind: 'typing' | 'presence', from: Party, to: Address, data: object): void {
    const event = {
      specversion: '1.0',
      id: eventId(this.options.network, kind, `${process.pid}-${Date.now()}-${this.counter++}`),
      source: `/network/${this.options.network}`,
      type: `im.hutong.${kind}.v1`,
      time: new Date().toISOString(),
      subject: conversationId(direct(from.address, to)),
      datacontenttype: 'application/json',
      path: pathOf(this.options.network),
      data: { ...data, from: withoutAvatar(presentableParty(from)) },
    } as EphemeralEvent;
    this.options.connection.session?.nc.publish(subjects.signalIn(this.options.network), encodeEvent(event));
  }

  private async received(bytes: Uint8Array): Promise<void> {
    const sent = readable(bytes);
    if (!sent) {
      metrics.badMessages.inc({ kind: 'signal' });
      return;
    }
    const event = withSender(sent, await this.options.profiles.party(sent.data.from));
    try {
      if (event.type === 'im.hutong.typing.v1') await this.options.adapter.showTyping?.(event);
      else if (event.data.probe) await this.answerProbe(event.data);
      else await this.options.adapter.showPresence?.(event);
    } catch (error) {
      this.options.log.debug({ reason: (error as Error).message }, 'ephemeral event dropped');
    }
  }

  private async answerProbe({ from, to }: PresenceData): Promise<void> {
    const presence = await this.options.adapter.presenceOf?.(to, from.address);
    if (!presence) return;
    this.lastPresence.delete(`${to} ${from.address}`);
    this.presence({ from: { address: to }, to: from.address, ...presence });
  }
}

/** undefined: not an ephemeral event of the switch. */
function readable(bytes: Uint8Array): EphemeralEvent | undefined {
  try {
    const event = readEvent(bytes);
    return isEphemeral(event) ? event : undefined;
  } catch (error) {
    if (error instanceof HubError) return undefined;
    throw error;
  }
}
