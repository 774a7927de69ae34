/** The adapter of the test network, with every ability there is: canonical events -> acts that subscribers see. */
import { access, copyFile } from 'node:fs/promises';
import {
  HubError,
  levels,
  nativeOf,
  parseAddress,
  RESULTS,
  textParts,
  type Address,
  type Availability,
  type CallEvent,
  type Capabilities,
  type ContactEvent,
  type MessageEvent,
  type Network,
  type Party,
  type PresenceEvent,
  type ReceiptEvent,
  type ReportEvent,
  type ResolveReply,
  type TypingEvent,
} from '#protocol';
import {
  type Abilities,
  type Adapter,
  type ChangeContext,
  Connectivity,
  type Delivered,
  type DeliveryContext,
  firstNative,
  type Hub,
  lastNative,
  type MessageRef,
  type OutgoingAttachment,
} from '#adapter-kit';
import type { MediaFile } from '#media';
import { fileContent } from '#service';
import type { TestAct } from './test-network.js';
import { TestConnection } from './test.connection.js';
import { TestSubscribers } from './test-to-canonical.js';

export const TEST_CAPABILITIES: Capabilities = {
  version: 'test-1',
  language: 'en',
  originalTime: true,
  features: levels(2, { location: 0, card: 0 }),
  media: { image: {}, voice: { types: ['audio/amr'] }, video: {}, file: {}, captions: true },
  limits: {},
  avatars: 'both',
};

function shown(address: Address): string {
  const { native, network } = parseAddress(address);
  return `${native}@${network}`;
}

export class TestAdapter implements Adapter, Abilities {
  readonly sharesPartitions = true;
  readonly connectivity = new Connectivity();
  /** Absent before the start. */
  private running: { connection: TestConnection; subscribers: TestSubscribers } | undefined;

  constructor(
    readonly network: Network,
    private readonly port: number,
    private readonly wanted: Capabilities = TEST_CAPABILITIES,
  ) {}

  capabilities(): Capabilities {
    return this.wanted;
  }

  start(hub: Hub): Promise<void> {
    const subscribers = new TestSubscribers(this.network, hub, (about) => connection.ask(about));
    const connection: TestConnection = new TestConnection(this.port, this.connectivity, hub.log, (act) =>
      subscribers.take(act),
    );
    this.running = { connection, subscribers };
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.running?.connection.stop();
    return Promise.resolve();
  }

  deliver(event: MessageEvent, context: DeliveryContext): Promise<Delivered> {
    return this.message(event, context, 'message');
  }
  /** Files of its subscribers are in a local folder: acts contain paths in both directions. */
  async deliverAttachment(
    event: MessageEvent,
    { file, as }: OutgoingAttachment,
    context: DeliveryContext,
  ): Promise<Delivered> {
    return this.message(event, context, 'message', { ...(await this.copied(file)), as, name: file.filename });
  }
  async openAttachment({ path = '' }: Record<string, string>): Promise<AsyncIterable<Uint8Array>> {
    await access(path).catch(() => {
      throw new HubError('107', 'the file is gone');
    });
    return fileContent(path);
  }
  deliverEdit(event: MessageEvent, context: ChangeContext): Promise<Delivered> {
    return this.change(event, context, 'edit');
  }
  deliverRecall(event: MessageEvent, context: ChangeContext): Promise<Delivered> {
    return this.change(event, context, 'recall');
  }
  deliverReaction(event: MessageEvent, context: ChangeContext): Promise<Delivered> {
    return this.change(event, context, 'reaction');
  }

  async deliverReceipt({ id, data }: ReceiptEvent, targets: MessageRef[]): Promise<void> {
    for (const target of targets) {
      const native = data.status === 'read' ? lastNative(target) : firstNative(target);
      await this.do(
        {
          kind: data.status,
          id: `${id}-${native}`,
          from: shown(data.from.address),
          to: nativeOf(data.to),
          target: native,
        },
        `${id}-${native}`,
      );
    }
  }

  async showReport({ id, data }: ReportEvent, target: MessageRef | undefined): Promise<void> {
    await this.do(
      {
        kind: 'failure',
        id,
        from: shown(data.from.address),
        to: nativeOf(data.to),
        code: data.code,
        text: RESULTS[data.code].subscriber.en,
        target: target ? firstNative(target) : '',
      },
      id,
    );
  }

  async deliverContact({ id, data }: ContactEvent): Promise<void> {
    await this.do(
      { kind: 'contact', id, from: shown(data.from.address), to: nativeOf(data.to), state: data.action },
      id,
    );
  }

  async deliverCall({ id, data }: CallEvent): Promise<void> {
    const { from, to, action, call, session } = data;
    const act: TestAct = { kind: 'call', id, from: shown(from.address), to: nativeOf(to), state: action };
    if (call) act.target = call;
    if (session) act.text = session;
    await this.do(act, id);
  }

  async showTyping({ id, data }: TypingEvent): Promise<void> {
    await this.do(
      { kind: 'typing', id, from: shown(data.from.address), to: nativeOf(data.to), state: data.state },
      id,
    );
  }

  async showPresence({ id, data }: PresenceEvent): Promise<void> {
    await this.do(
      {
        kind: 'presence',
        id,
        from: shown(data.from.address),
        to: nativeOf(data.to),
        state: data.availability,
      },
      id,
    );
  }

  presenceOf(subscriber: Address): Promise<{ availability: Availability } | undefined> {
    const availability = this.running?.subscribers.presenceOf(nativeOf(subscriber));
    return Promise.resolve(availability && { availability });
  }

  resolve(address: Address): Promise<ResolveReply> {
    const native = nativeOf(address);
    return Promise.resolve(
      native.startsWith('nobody')
        ? { code: '14' }
        : { code: '00', party: { address, displayName: this.running?.subscribers.nameOf(native) ?? native } },
    );
  }

  /** All profile data arrive with the acts. */
  profileOf(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async showAvatar({ address }: Party, picture: MediaFile | undefined, to: Address): Promise<void> {
    const id = `avatar-${picture?.facts.sha256 ?? 'none'}-${address}`;
    const act: TestAct = { kind: 'avatar', id, from: shown(address), to: nativeOf(to) };
    if (picture) act.media = await this.copied(picture);
    await this.do(act, id);
  }

  private message(
    event: MessageEvent,
    context: DeliveryContext,
    kind: TestAct['kind'],
    media?: TestAct['media'],
  ): Promise<Delivered> {
    return this.tell(event, context, kind, context.target && firstNative(context.target), media);
  }

  private change(event: MessageEvent, context: ChangeContext, kind: TestAct['kind']): Promise<Delivered> {
    return this.tell(event, context, kind, context.piece.id);
  }

  private async tell(
    { data }: MessageEvent,
    { idempotencyKey: id, delayedSince }: DeliveryContext,
    kind: TestAct['kind'],
    target?: string,
    media?: TestAct['media'],
  ): Promise<Delivered> {
    const { body, reactions } = data.content;
    await this.do(
      {
        kind,
        id,
        from: shown(data.from.address),
        ...(data.from.displayName === undefined ? {} : { name: data.from.displayName }),
        to: nativeOf(data.to),
        text: textParts(body)
          .map((part) => part.content)
          .join('\n'),
        ...(target ? { target } : {}),
        ...(media ? { media } : {}),
        ...(reactions ? { emoji: reactions.current } : {}),
        ...(delayedSince ? { since: delayedSince.toISOString() } : {}),
      },
      id,
    );
    return { native: [id] };
  }

  private do(act: TestAct, key: string): Promise<void> {
    return this.connection.do(act, key);
  }

  /** Copies an attachment to where its recipient finds it after this process has ended. */
  private async copied(file: MediaFile): Promise<NonNullable<TestAct['media']>> {
    const path = this.connection.newFile();
    await copyFile(file.path, path);
    const { contentType: type, size, sha256 } = file.facts;
    return { path, type, size, sha256 };
  }

  private get connection(): TestConnection {
    if (!this.running) throw new HubError('91', 'the adapter has not started');
    return this.running.connection;
  }
}
