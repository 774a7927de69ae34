/** The adapter of the test network: an example with every ability there is. */
import { randomUUID } from 'node:crypto';
import { access, copyFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  addressOf,
  EMPTY,
  HubError,
  levels,
  nativeOf,
  network as networkSlug,
  parseAddress,
  markdownText,
  plainText,
  type Part,
  RESULTS,
  textParts,
  toHubError,
  type Address,
  type Availability,
  type Capabilities,
  type ContactEvent,
  type Content,
  type MessageEvent,
  type Network,
  type Party,
  type PresenceEvent,
  type ReceiptEvent,
  type ReportEvent,
  type ResolveReply,
  type ResultCode,
  type TypingEvent,
} from '#protocol';
import {
  coversMessage,
  firstNative,
  lastNative,
  type Abilities,
  type Adapter,
  type ChangeContext,
  type Delivered,
  type DeliveryContext,
  type Hub,
  type MessageRef,
  type NativeAvatar,
  type NativeAttachment,
  type OutgoingAttachment,
} from '#adapter-kit';
import type { MediaFile } from '#media';
import { fileContent, runInBackground } from '#service';
import { TEST_TOKEN, writeLine, type LinkLine, type TestAct } from './test-network.js';

export const TEST_CAPABILITIES: Capabilities = {
  version: 'test-1',
  language: 'en',
  originalTime: true,
  features: levels(2, { location: 0, card: 0 }),
  media: { image: {}, voice: { types: ['audio/amr'] }, video: {}, file: {}, captions: true },
  limits: {},
  avatars: 'both',
};

const ANSWER_MS = 5000;
const RECONNECT_MS = 100;

/** In the text of a test, the address of somebody abroad: "to" is `<native id>@<network>`. */
function foreignAddress(to: string): Address {
  const at = to.lastIndexOf('@');
  return addressOf(networkSlug(to.slice(at + 1)), to.slice(0, at));
}

function shown(address: Address): string {
  const { native, network } = parseAddress(address);
  return `${native}@${network}`;
}

export class TestAdapter implements Adapter, Abilities {
  private socket: Socket | undefined;
  private welcomed = false;
  private stopped = false;
  private hub!: Hub;
  private readonly pending = new Map<string, { resolve: () => void; reject: (error: HubError) => void }>();
  /** How people called themselves last. */
  private readonly names = new Map<string, string>();
  private readonly presences = new Map<string, Availability>();

  constructor(
    readonly network: Network,
    private readonly port: number,
    private readonly wanted: Capabilities = TEST_CAPABILITIES,
  ) {}

  capabilities(): Capabilities {
    return this.wanted;
  }

  connected(): boolean {
    return this.welcomed;
  }

  start(hub: Hub): Promise<void> {
    this.hub = hub;
    this.dial();
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.stopped = true;
    this.socket?.destroy();
    return Promise.resolve();
  }

  deliver(event: MessageEvent, context: DeliveryContext): Promise<Delivered> {
    return this.message(event, context, 'message');
  }
  /** Its subscribers' files lie in a folder beside it: what is sent is a path, and so is what is received. */
  async deliverAttachment(
    event: MessageEvent,
    { file, as }: OutgoingAttachment,
    context: DeliveryContext,
  ): Promise<Delivered> {
    return this.message(event, context, 'message', { ...(await copied(file)), as, name: file.filename });
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
    const availability = this.presences.get(nativeOf(subscriber));
    return Promise.resolve(availability && { availability });
  }

  resolve(address: Address): Promise<ResolveReply> {
    const native = nativeOf(address);
    return Promise.resolve(
      native.startsWith('nobody')
        ? { code: '14' }
        : { code: '00', party: { address, displayName: this.names.get(native) ?? native } },
    );
  }

  /** Whatever is to be known comes with the acts. */
  profileOf(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async showAvatar({ address }: Party, picture: MediaFile | undefined, to: Address): Promise<void> {
    const id = `avatar-${picture?.facts.sha256 ?? 'none'}-${address}`;
    const act: TestAct = { kind: 'avatar', id, from: shown(address), to: nativeOf(to) };
    if (picture) act.media = await copied(picture);
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
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.answered(key, '91'), ANSWER_MS);
      this.pending.set(key, {
        resolve: () => (clearTimeout(timer), resolve()),
        reject: (error) => (clearTimeout(timer), reject(error)),
      });
      this.write({ op: 'do', act, key });
    });
  }

  private answered(key: string, error: string | undefined): void {
    const waiting = this.pending.get(key);
    this.pending.delete(key);
    if (error === undefined) waiting?.resolve();
    else waiting?.reject(new HubError(error as ResultCode, 'the test network said so'));
  }

  private dial(): void {
    if (this.stopped) return;
    const socket = connect(this.port, '127.0.0.1', () => {
      socket.setNoDelay(true);
      this.write({ op: 'login', token: TEST_TOKEN });
    });
    this.socket = socket;
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.welcomed = false;
      for (const key of this.pending.keys()) this.answered(key, '91');
      setTimeout(() => this.dial(), RECONNECT_MS);
    });
    createInterface({ input: socket })
      .on('error', () => socket.destroy())
      .on('line', (line) => this.receive(JSON.parse(line) as LinkLine));
  }

  private receive(line: LinkLine): void {
    if (line.op === 'welcome') this.welcomed = true;
    else if (line.op === 'done') this.answered(line.key, line.error);
    else if (line.op === 'event') {
      // Acknowledged only when it is on the bus (promise 1); left alone, the network gives it again.
      runInBackground('acts', this.hub.log, async () => {
        try {
          await this.take(line.act);
        } catch (error) {
          this.refused(line, toHubError(error));
          return;
        }
        this.write({ op: 'ack', n: line.n });
      });
    }
  }

  private refused(line: Extract<LinkLine, { op: 'event' }>, error: HubError): void {
    this.hub.log.warn({ code: error.code, reason: error.detail }, 'act refused');
    if (error.verdict !== 'retry') this.write({ op: 'ack', n: line.n });
  }

  private async take(act: TestAct): Promise<void> {
    const from = this.senderOf(act);
    const to = foreignAddress(act.to);
    switch (act.kind) {
      case 'message':
      case 'edit':
      case 'recall':
      case 'reaction':
        await this.hub.submitMessage({
          nativeId: act.id,
          from,
          to,
          sentAt: act.sentAt === undefined ? new Date() : new Date(act.sentAt),
          content: await this.contentOf(act),
          ...(act.media ? { media: [nativeOfTest(act.media)] } : {}),
          requestStatus: act.quiet ? [] : ['delivered', 'read'],
        });
        return;
      case 'delivered':
      case 'read': {
        const target = await this.hub.findNative(act.target ?? '');
        if (target && coversMessage(target, act.target ?? ''))
          await this.hub.submitReceipt({
            nativeId: act.id,
            from,
            to,
            status: act.kind,
            messages: [target.id],
            upTo: true,
          });
        return;
      }
      case 'contact':
        await this.hub.submitContact({
          nativeId: act.id,
          from,
          to,
          action: act.state as ContactEvent['data']['action'],
        });
        return;
      case 'typing':
        return this.hub.typing(from, to, act.state === 'composing' ? 'composing' : 'stopped', 20_000);
      case 'presence':
        this.presences.set(act.from, act.state as Availability);
        return this.hub.presence(from, to, act.state as Availability);
      case 'failure':
      case 'avatar':
        return;
    }
  }

  private senderOf({ from, name = from, avatar }: TestAct): Party {
    if (name !== '') this.names.set(from, name);
    const address = addressOf(this.network, from);
    if (avatar !== undefined) this.hub.learn(address, { avatar: avatarOfTest(avatar) });
    return { address, ...(name === '' ? {} : { displayName: name }) };
  }

  private async contentOf(act: TestAct): Promise<Content> {
    const target = act.target === undefined ? undefined : (await this.hub.findNative(act.target))?.id;
    if (act.target !== undefined && !target) throw new HubError('25', 'no such message');
    const body = wordsOfAct(act);
    if (act.kind === 'reaction')
      return {
        body: EMPTY,
        inReplyTo: target,
        reactions: { add: act.emoji ?? [], remove: [], current: act.emoji ?? [] },
      };
    if (act.kind === 'message') return { body, ...(target ? { inReplyTo: target } : {}) };
    return { body: act.kind === 'recall' ? EMPTY : body, replaces: target };
  }

  private write(line: LinkLine): void {
    if (this.socket) writeLine(this.socket, line);
  }
}

function wordsOfAct({ text, markdown }: TestAct): Part {
  if (markdown !== undefined) return markdownText(markdown);
  return text === undefined ? EMPTY : plainText(text);
}

async function copied(file: MediaFile): Promise<NonNullable<TestAct['media']>> {
  const path = join(tmpdir(), `hutong-test-medium-${randomUUID()}`);
  await copyFile(file.path, path);
  const { contentType: type, size, sha256 } = file.facts;
  return { path, type, size, sha256 };
}

function avatarOfTest(path: string): NativeAvatar | null {
  return path === '' ? null : { version: path, source: { path } };
}

function nativeOfTest({ path, as, name }: NonNullable<TestAct['media']>): NativeAttachment {
  return {
    source: { path },
    disposition: 'attachment',
    contentType: 'application/octet-stream',
    ...(name ? { filename: name } : {}),
    ...(as === 'voice' ? { meta: { voice: true } } : {}),
  };
}
