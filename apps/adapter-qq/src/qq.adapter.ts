/** An account on QQ through which people there write to everybody. How it speaks with QQ is its profile. */
import type { Server } from 'node:http';
import type {
  AttachmentDelivering,
  AttachmentOpening,
  AttachTools,
  ChangeContext,
  Delivered,
  DeliveryContext,
  Hub,
  NativeProfile,
  OutgoingAttachment,
  RecallDelivering,
} from '#adapter-kit';
import { BotPlatformAdapter, type BotWords, type SignedCallback } from '#adapter-webhook';
import type { BotAct, BotActor } from '#bot-contacts';
import { toHubError, type MessageEvent, type Network } from '#protocol';
import { allDone, type Log } from '#service';
import type { QqProfile } from './qq.profile.js';

export class QqAdapter
  extends BotPlatformAdapter
  implements AttachmentDelivering, AttachmentOpening, RecallDelivering
{
  constructor(
    network: Network,
    readonly profile: QqProfile,
    log: Log,
  ) {
    super(network, profile.http, log);
  }

  capabilities() {
    return this.profile.capabilities;
  }

  protected get nativeId() {
    return this.profile.nativeId;
  }

  /** Of several WebSockets each would bring the same events. */
  override get sharesPartitions(): true | undefined {
    return this.profile.isCalled ? true : undefined;
  }

  override async start(hub: Hub): Promise<void> {
    // First: the check of a session begins when it is up.
    this.profile.start(hub, (input) => this.take(input));
    await super.start(hub);
  }

  override async stop(): Promise<void> {
    await super.stop();
    await this.profile.stop();
  }

  attach(server: Server, tools: AttachTools): void {
    this.profile.attach?.(server, tools);
  }

  protected check(): Promise<unknown> {
    return this.profile.check();
  }

  protected read(json: unknown): BotAct[] | undefined {
    return this.profile.read(json);
  }

  /** What is noted before an act has its place in the queue of the person, directly before the act. */
  protected override async carryOut(act: BotAct, native: string): Promise<void> {
    const { profile } = this;
    if (!profile.before || act.act === 'lost') return super.carryOut(act, native);
    const noted = this.hub.inbound.run(act.from, async () => profile.before?.(act));
    await allDone([noted, super.carryOut(act, native)]);
  }

  /** What came over a WebSocket does not come again: an input that could not be stored is recorded. */
  private async take(input: SignedCallback): Promise<void> {
    try {
      await this.webhook(input);
    } catch (thrown) {
      const { code, detail } = toHubError(thrown);
      this.hub.notCarried({ kind: 'refused', why: `${code} ${detail}`, native: input.native });
    }
  }

  protected send(words: BotWords): Promise<Delivered> {
    return this.profile.send(words);
  }

  protected override answer(to: BotActor, text: string): Promise<Delivered> {
    return this.profile.answer(to, text);
  }

  protected lookUp(native: string): Promise<NativeProfile> {
    return this.profile.lookUp(native);
  }

  async deliverAttachment(
    event: MessageEvent,
    medium: OutgoingAttachment,
    { idempotencyKey: key, target, uncertain }: DeliveryContext,
  ): Promise<Delivered> {
    const speaker = event.data.from;
    const to = this.personOf(event.data.to);
    return this.sayWith(event, medium.as, (text) =>
      this.profile.sendMedium({ to, text, key, speaker, target, event, uncertain, medium }),
    );
  }

  openAttachment(source: Record<string, string>, signal: AbortSignal) {
    return this.profile.open(source, signal);
  }

  async deliverRecall({ data }: MessageEvent, { piece }: ChangeContext): Promise<Delivered> {
    await this.profile.recall(this.personOf(data.to), piece.id);
    return { native: [] };
  }
}
