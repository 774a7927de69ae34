/**
 * An adapter for texts alone, written from docs/adapters.md without the kit, with a network of one person who answers
 * everything: and the ways in which such an adapter can be wrong.
 */
import { BusConnection, LaneConsumer, OrderedPublisher, type BusMessage } from '#bus';
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
  plainText,
  STREAMS,
  subjects,
  wordsOf,
  type Capabilities,
  type HubEvent,
  type MessageEvent,
  type Network,
  type Outcome,
  type ResultCode,
} from '#protocol';
import { quiet } from './hub-fixture.js';

/** What is wrong with it. */
export type Fault =
  | 'nothing'
  | 'shows what comes again'
  | 'confirms nothing'
  | 'buries nothing'
  | 'dies of what it cannot read';

const HEARTBEAT_MS = 500;

export const PLAIN_CAPABILITIES: Capabilities = {
  version: 'plain-1',
  language: 'en',
  features: levels(-2, { text: 2, media: -1, sticker: -1, reply: 0, formatting: 0, location: 0, card: 0 }),
  limits: {},
};

export class PlainAdapter {
  private readonly shown = new Set<string>();
  private dead = false;
  private timer: NodeJS.Timeout | undefined;

  private constructor(
    private readonly network: Network,
    private readonly person: string,
    private readonly fault: Fault,
    private readonly link: BusConnection,
    private readonly publisher: OrderedPublisher,
    public build: string,
  ) {}

  static async start(options: {
    slug: string;
    natsUrl: string;
    creds: string;
    person: string;
    fault?: Fault;
    build?: string;
  }): Promise<PlainAdapter> {
    const network = networkSlug(options.slug);
    const { natsUrl: url, creds, person, fault = 'nothing', build = 'plain 1.0' } = options;
    const link = await BusConnection.open({ url, creds, name: `adapter-${network}`, member: network }, quiet);
    const publisher = await OrderedPublisher.on(link);
    const adapter = new PlainAdapter(network, person, fault, link, publisher, build);
    await adapter.serve();
    return adapter;
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.publisher.drained();
    this.publisher.close();
    await this.link.close();
  }

  private async serve(): Promise<void> {
    const nc = this.link.session?.nc;
    nc?.subscribe(subjects.ask('resolve', this.network), {
      callback: (_, message) => {
        const { address } = message.json<{ address: MessageEvent['data']['to'] }>();
        const known = nativeOf(address) === this.person;
        message.respond(JSON.stringify(known ? { code: '00', party: { address } } : { code: '14' }));
      },
    });
    await LaneConsumer.on(
      this.link,
      { stream: STREAMS.out, durable: consumers.adapter(this.network), window: 50 },
      { becomeOwner: () => undefined, read: (message) => void this.read(message) },
    );
    this.beat('signon');
    this.timer = setInterval(() => this.beat('heartbeat'), HEARTBEAT_MS);
  }

  beat(verb: 'signon' | 'heartbeat'): void {
    const { network, build } = this;
    const body = {
      network,
      instance: 'plain',
      build,
      capabilities: PLAIN_CAPABILITIES,
      nativeConnected: true,
    };
    void this.link.session?.nc
      .request(subjects.control(verb, network), JSON.stringify(body), { timeout: 2000 })
      .catch(() => undefined);
  }

  private async read(message: BusMessage): Promise<void> {
    if (this.dead) return;
    let event: HubEvent;
    try {
      event = decodeEvent(message.data);
    } catch {
      return this.unreadable(message);
    }
    if (event.type === 'im.hutong.message.v1') await this.message(event);
    if (this.fault !== 'confirms nothing') message.ack();
  }

  private async unreadable(message: BusMessage): Promise<void> {
    if (this.fault === 'dies of what it cannot read') {
      this.dead = true;
      clearInterval(this.timer);
      return;
    }
    if (this.fault !== 'buries nothing') {
      const letter = {
        subject: message.subject,
        seq: message.seq,
        size: message.data.byteLength,
        reason: '30',
        detail: 'not an event',
        network: this.network,
        attempts: message.deliveries,
        at: new Date().toISOString(),
        payload: Buffer.from(message.data).toString('base64'),
      };
      await this.publisher.publish(
        subjects.dead(this.network),
        JSON.stringify(letter),
        `dead:${message.seq}`,
      );
    }
    message.ack();
  }

  private async message(event: MessageEvent): Promise<void> {
    const refusal = this.refusal(event);
    const again = this.shown.has(event.id) && this.fault !== 'shows what comes again';
    this.shown.add(event.id);
    await this.report(event, refusal);
    if (refusal === undefined && !again) await this.answer(event);
  }

  private refusal({ data, expirytime }: MessageEvent): ResultCode | undefined {
    if (expirytime !== undefined && Date.parse(expirytime) < Date.now()) return '68';
    if (nativeOf(data.to) !== this.person) return '14';
    return contentKind(data.content) === 'new' ? undefined : '12';
  }

  private async report(event: MessageEvent, refusal: ResultCode | undefined): Promise<void> {
    if (this.fault === 'confirms nothing') return;
    const outcome: Outcome = {
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
    await this.publisher.publish(subjects.report(this.network), JSON.stringify(outcome));
  }

  private counter = 0;

  private async answer({ data }: MessageEvent): Promise<void> {
    const from = addressOf(this.network, this.person);
    const now = new Date().toISOString();
    const subject = directConversation(from, data.from.address);
    const event: MessageEvent = {
      specversion: '1.0',
      id: eventId(this.network, 'message', `${process.hrtime.bigint()}-${this.counter++}`),
      source: `/network/${this.network}`,
      type: 'im.hutong.message.v1',
      time: now,
      subject,
      datacontenttype: 'application/json',
      path: pathOf(this.network),
      data: {
        from: { address: from },
        to: data.from.address,
        sentAt: now,
        content: { body: plainText(wordsOf(data.content.body)) },
      },
    };
    await this.publisher.publish(subjects.in(this.network, laneOf(subject)), encodeEvent(event), event.id);
  }
}
