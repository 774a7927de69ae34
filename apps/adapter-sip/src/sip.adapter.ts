/** Joins the wire of Youxin and its translators: a registrar for people with SIP phones, and a trunk to where they are not. */
import {
  Connectivity,
  firstNative,
  type Adapter,
  type CallCarrying,
  type ContactDelivering,
  type Delivered,
  type DeliveryContext,
  type Hub,
  type MessageRef,
  type PresenceShowing,
  type ReceiptDelivering,
  type ReportShowing,
  type Resolving,
  type TypingShowing,
} from '#adapter-kit';
import {
  HubError,
  nativeOf,
  reportWords,
  type Address,
  type CallEvent,
  type ContactEvent,
  type MessageEvent,
  type Network,
  type PresenceEvent,
  type ReceiptEvent,
  type ReportEvent,
  type ResolveReply,
  type TypingEvent,
} from '#protocol';
import { runInBackground, type Log } from '#service';
import { assemble, type Running } from './assemble.js';
import { composing, notice, notification, textOf, words } from './from-canonical.js';
import { SIP_CAPABILITIES } from './sip.capabilities.js';
import type { SipSettings } from './sip.config.js';
import { Uris } from './uris.js';
import { SPOKEN } from './voice/spoken-messages.js';

type SipAbilities = CallCarrying &
  ContactDelivering &
  PresenceShowing &
  ReceiptDelivering &
  ReportShowing &
  Resolving &
  TypingShowing;

export class SipAdapter implements Adapter, SipAbilities {
  /** A process ends the calls that it finds at its start, and reads once where phones are. */
  readonly worksAlone = true;
  readonly connectivity = new Connectivity();
  private running: Running | undefined;
  private readonly uris: Uris;

  constructor(
    readonly network: Network,
    private readonly settings: SipSettings,
    private readonly log: Log,
  ) {
    const { SIP_DOMAIN, SIP_TRUNK_HOST, SIP_TRUNK_DOMAIN, SIP_PUBLIC_HOST } = settings;
    const trunkDomain = SIP_TRUNK_DOMAIN ?? (SIP_TRUNK_HOST || undefined);
    this.uris = new Uris(network, SIP_DOMAIN, trunkDomain, SIP_PUBLIC_HOST || undefined);
  }

  capabilities() {
    return SIP_CAPABILITIES;
  }

  /** A message that is spoken is spoken in one call. */
  limitsFor({ resolvedby }: MessageEvent) {
    return resolvedby === 'voice' ? SPOKEN : undefined;
  }

  async start(hub: Hub): Promise<void> {
    this.running = await assemble(this.settings, this.uris, hub, this.log);
    this.connectivity.connected = true;
    const { trunk } = this.running;
    if (trunk) runInBackground('SIP trunk', this.log, () => trunk.run());
  }

  async stop(): Promise<void> {
    await this.running?.stop();
  }

  async deliver(event: MessageEvent, context: DeliveryContext): Promise<Delivered> {
    const { hub, delivery, spoken } = this.started;
    const { from, to, sentAt } = event.data;
    const { idempotencyKey: key, delayedSince } = context;
    if (event.resolvedby === 'voice') {
      if (!spoken) throw new HubError('12', 'messages are not spoken here: SIP_SPEECH');
      return hub.atMostOnce(key, () => spoken.deliver(event, key), context.uncertain);
    }
    const user = delivery.reachable(to);
    const envelope = await delivery.envelope(from, user, key);
    const at = { sentAt: delayedSince ?? new Date(sentAt), isLate: delayedSince !== undefined };
    const payload = words(textOf(event), envelope, key, at);
    const send = async (): Promise<Delivered> => {
      const taken = await delivery.send(user, envelope, payload);
      const handedOn = taken === 'handed on' ? { stage: 'submitted' as const } : {};
      return { native: [key], basis: this.uris.isAbroad(user) ? 'network' : 'user-device', ...handedOn };
    };
    return hub.atMostOnce(key, send, context.uncertain);
  }

  async deliverReceipt({ id, data }: ReceiptEvent, targets: MessageRef[]): Promise<void> {
    const { delivery } = this.started;
    const user = delivery.reachable(data.to);
    const status = data.status === 'read' ? 'displayed' : 'delivered';
    for (const [at, target] of targets.entries()) {
      const envelope = await delivery.envelope(data.from, user, `${id}-${at}`);
      const about = {
        messageId: firstNative(target),
        status,
        id: `${id}-${at}`,
        at: new Date(data.at),
      } as const;
      await delivery.sendOnce(user, envelope, notification(envelope, about));
    }
  }

  async showReport(event: ReportEvent): Promise<void> {
    const { hub, delivery, calls } = this.started;
    const { id, data } = event;
    if (calls.failed(event)) return;
    const user = delivery.reachable(data.to);
    const envelope = await delivery.envelope(data.from, user, id);
    await hub.atMostOnce(id, async () => {
      await delivery.send(user, envelope, notice(reportWords(data.code, 'zh')));
      return { native: [] };
    });
  }

  deliverCall(event: CallEvent): Promise<void> {
    return this.started.calls.deliver(event);
  }

  async deliverContact(event: ContactEvent): Promise<void> {
    const { contacts, delivery } = this.started;
    await contacts.fromBus(event, delivery.reachable(event.data.to));
  }

  async showTyping({ id, data }: TypingEvent): Promise<void> {
    const { delivery } = this.started;
    const user = delivery.reachable(data.to);
    const envelope = await delivery.envelope(data.from, user, id);
    await delivery.send(user, envelope, composing(data.state === 'composing', data.ttlMs));
  }

  showPresence(event: PresenceEvent): Promise<void> {
    this.started.contacts.show(event, nativeOf(event.data.to));
    return Promise.resolve();
  }

  presenceOf(subscriber: Address, asker: Address) {
    return this.started.contacts.of(nativeOf(subscriber), asker);
  }

  resolve(address: Address): Promise<ResolveReply> {
    const { accounts, delivery } = this.started;
    const displayName = accounts.get(delivery.reachable(address))?.displayName;
    return Promise.resolve({ code: '00', party: { address, ...(displayName ? { displayName } : {}) } });
  }

  /** Whether the trunk knows us. */
  get trunkIsRegistered(): boolean {
    return this.running?.trunk?.registered ?? false;
  }

  /** Calls that are not over. */
  get callsNow(): number {
    return this.running?.calls.size ?? 0;
  }

  /** @throws HubError 91 before the start */
  private get started(): Running {
    if (!this.running) throw new HubError('91', 'the SIP adapter is not started');
    return this.running;
  }
}
