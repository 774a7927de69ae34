/**
 * An adapter for texts alone, written from docs/adapters.md without the kit. Its steps are methods of their own, so that
 * broken-adapters.ts can replace each by a wrong one.
 */
import { randomUUID } from 'node:crypto';
import { BusConnection, LaneConsumer, OrderedPublisher, type BusMessage, type BusSession } from '#bus';
import {
  pathOf,
  addressOf,
  consumers,
  contentKind,
  decodeEvent,
  directConversation,
  encodeEvent,
  eventId,
  laneOf,
  levels,
  nativeOf,
  network as networkSlug,
  networkOf,
  plainText,
  STREAMS,
  subjects,
  wordsOf,
  type Address,
  type Capabilities,
  type EventId,
  type HubEvent,
  type MessageEvent,
  type Network,
  type Outcome,
  type ResultCode,
} from '#protocol';
import { guarded, runInBackground, tolerate } from '#service';
import { quiet } from './hub-fixture.js';
import { PlainNetwork, type NativeAnswer } from './plain-network.js';

const HEARTBEAT_MS = 500;

export const PLAIN_CAPABILITIES: Capabilities = {
  version: 'plain-1',
  language: 'en',
  features: levels(-2, { text: 2, media: -1, sticker: -1, reply: 0, formatting: 0, location: 0, card: 0 }),
  limits: {},
};

export interface PlainOptions {
  slug: string;
  natsUrl: string;
  /** Content of its credentials file. */
  creds: string;
  network: PlainNetwork;
}

export class PlainAdapter {
  build = 'plain 1.0';
  protected readonly instance = randomUUID();
  protected readonly member: Network;
  protected readonly network: PlainNetwork;
  protected isDead = false;
  /** Deliveries that wait for the one in progress. */
  protected waiting: BusMessage[] = [];
  private isWorking = false;
  private timer: NodeJS.Timeout | undefined;
  private disconnect: () => void = () => undefined;

  constructor(
    { slug, network }: PlainOptions,
    protected readonly link: BusConnection,
    protected readonly publisher: OrderedPublisher,
  ) {
    this.member = networkSlug(slug);
    this.network = network;
  }

  static async start<Kind extends PlainAdapter>(
    this: new (options: PlainOptions, link: BusConnection, publisher: OrderedPublisher) => Kind,
    options: PlainOptions,
  ): Promise<Kind> {
    const { slug, natsUrl: url, creds } = options;
    const member = networkSlug(slug);
    const link = await BusConnection.open({ url, creds, name: `adapter-${slug}`, member }, quiet);
    const adapter = new this(options, link, await OrderedPublisher.on(link));
    await adapter.serve();
    return adapter;
  }

  async stop(): Promise<void> {
    if (!this.isDead) await this.publisher.drained();
    await this.kill();
  }

  /** Everything that it holds in memory is gone, as after SIGKILL. */
  async kill(): Promise<void> {
    this.isDead = true;
    this.disconnect();
    clearInterval(this.timer);
    this.publisher.close();
    await this.link.close();
  }

  protected async serve(): Promise<void> {
    await this.link.onSession((session) => this.answerLookUps(session));
    await LaneConsumer.on(
      this.link,
      { stream: STREAMS.out, durable: consumers.adapter(this.member), window: 50 },
      { becomeOwner: () => this.becomeOwner(), read: (message) => this.read(message) },
    );
    this.disconnect = this.network.connect((answer) => this.take(answer));
    await this.beat('signon');
    // Killed meanwhile: nobody would stop the timer.
    if (this.isDead) return;
    this.timer = setInterval(
      guarded('heartbeat', quiet, () => this.beat('heartbeat')),
      HEARTBEAT_MS,
    );
  }

  protected answerLookUps({ nc }: BusSession): void {
    nc.subscribe(subjects.ask('resolve', this.member), {
      callback: (_, message) => {
        const { address } = message.json<{ address: Address }>();
        const reply = this.isKnown(address) ? { code: '00', party: { address } } : { code: '14' };
        message.respond(JSON.stringify(reply));
      },
    });
  }

  protected isKnown(address: Address): boolean {
    return this.network.knows(nativeOf(address));
  }

  protected async beat(verb: 'signon' | 'heartbeat'): Promise<void> {
    const { member: network, instance, build } = this;
    const body = { network, instance, build, capabilities: PLAIN_CAPABILITIES, nativeConnected: true };
    await tolerate('heartbeat', quiet, () =>
      this.link.session?.nc.request(subjects.control(verb, network), JSON.stringify(body), { timeout: 2000 }),
    );
  }

  /** What waits is delivered again by the bus. */
  protected becomeOwner(): void {
    this.waiting = [];
  }

  protected read(message: BusMessage): void {
    if (this.isDead) return;
    this.waiting.push(message);
    runInBackground('deliveries', quiet, () => this.work());
  }

  private async work(): Promise<void> {
    if (this.isWorking) return;
    this.isWorking = true;
    for (let next = this.waiting.shift(); next && !this.isDead; next = this.waiting.shift()) {
      const message = next;
      await tolerate('delivery', quiet, () => this.handle(message));
    }
    this.isWorking = false;
  }

  protected async handle(message: BusMessage): Promise<void> {
    let event: HubEvent;
    try {
      event = decodeEvent(message.data);
    } catch {
      await this.bury(message);
      return message.ack();
    }
    if (event.type === 'im.hutong.message.v1') await this.deliver(event);
    message.ack();
  }

  protected async bury(message: BusMessage): Promise<void> {
    const letter = {
      subject: message.subject,
      seq: message.seq,
      size: message.data.byteLength,
      reason: '30',
      detail: 'not an event',
      network: this.member,
      attempts: message.deliveries,
      at: new Date().toISOString(),
      payload: Buffer.from(message.data).toString('base64'),
    };
    await this.publisher.publish(subjects.dead(this.member), JSON.stringify(letter), `dead:${message.seq}`);
  }

  protected async deliver(event: MessageEvent): Promise<void> {
    const refusal = this.refusal(event);
    if (refusal === undefined) await this.show(event);
    await this.report(event, refusal);
  }

  protected refusal({ data, subject, expirytime }: MessageEvent): ResultCode | undefined {
    const isOurs = networkOf(data.to) === this.member;
    if (!isOurs || subject !== directConversation(data.from.address, data.to)) return '30';
    if (expirytime !== undefined && Date.parse(expirytime) < Date.now()) return '68';
    if (!this.isKnown(data.to)) return '14';
    return contentKind(data.content) === 'new' ? undefined : '12';
  }

  protected async show({ id, data }: MessageEvent): Promise<void> {
    await this.network.show(data.from.address, wordsOf(data.content.body), `${data.from.address} ${id}`);
  }

  protected outcomeOf(event: MessageEvent, refusal: ResultCode | undefined): Outcome {
    return {
      event: event.id,
      conversation: event.subject,
      kind: 'message',
      by: 'adapter',
      stage: refusal === undefined ? 'delivered' : 'failed',
      code: refusal ?? '00',
      from: event.data.from,
      to: event.data.to,
      ...(refusal === undefined ? { native: [event.id], requestDelivered: true } : {}),
      at: new Date().toISOString(),
    };
  }

  protected async report(event: MessageEvent, refusal: ResultCode | undefined): Promise<void> {
    const outcome = JSON.stringify(this.outcomeOf(event, refusal));
    await this.publisher.publish(subjects.report(this.member), outcome, `${event.id}:outcome`);
  }

  /** Resolves when the answer of the person is stored. */
  protected async take(answer: NativeAnswer): Promise<void> {
    const event = this.eventOf(answer);
    await this.publisher.publish(this.subjectOf(event), encodeEvent(event), event.id);
  }

  protected subjectOf({ subject }: HubEvent): string {
    return subjects.in(this.member, laneOf(subject));
  }

  protected idOf({ nativeId }: NativeAnswer): EventId {
    return eventId(this.member, 'message', nativeId);
  }

  protected eventOf(answer: NativeAnswer): MessageEvent {
    const from = addressOf(this.member, this.network.person);
    const to = answer.to as Address;
    const now = new Date().toISOString();
    return {
      specversion: '1.0',
      id: this.idOf(answer),
      source: `/network/${this.member}`,
      type: 'im.hutong.message.v1',
      time: now,
      subject: directConversation(from, to),
      datacontenttype: 'application/json',
      path: pathOf(this.member),
      data: { from: { address: from }, to, sentAt: now, content: { body: plainText(answer.text) } },
    };
  }
}
