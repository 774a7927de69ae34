/** A chatbot for 5G messages (RCS) on the hub, through which people write to everybody from their messages app. */
import { sendSplitText } from '#adapter-kit';
import type {
  AttachmentDelivering,
  AttachmentOpening,
  ChangeContext,
  Delivered,
  DeliveryContext,
  Hub,
  NativeProfile,
  OutgoingAttachment,
  RecallDelivering,
  Reconciled,
  Reconciling,
  Withdrawing,
} from '#adapter-kit';
import {
  BotPlatformAdapter,
  SharedNotes,
  uuidOf,
  type BotWords,
  type SignedCallback,
} from '#adapter-webhook';
import type { BotAct, BotActor } from '#bot-contacts';
import { HubError, networkOf, PHRASES, type Address, type MessageEvent, type Network } from '#protocol';
import { allDone, type Log } from '#service';
import { splitText } from '#text';
import type { RcsFile, RcsMessage } from './from-canonical.js';
import { JsonClient } from './json.client.js';
import type { RcsStatus } from './notifications.js';
import type { RcsClient } from './rcs.client.js';
import { RCS_CAPABILITIES, TEXT_UNITS, type RcsSettings } from './rcs.config.js';
import { XmlClient } from './xml.client.js';

export class RcsAdapter
  extends BotPlatformAdapter
  implements AttachmentDelivering, AttachmentOpening, RecallDelivering, Reconciling, Withdrawing
{
  protected readonly nativeId = /^1\d{10}$/;
  private readonly notes;

  constructor(
    network: Network,
    readonly settings: RcsSettings,
    log: Log,
    readonly client: RcsClient = settings.RCS_DIALECT === 'xml'
      ? new XmlClient(settings)
      : new JsonClient(settings),
  ) {
    super(network, client.http, log);
    this.notes = new SharedNotes(() => this.hub.recent, settings.RCS_WAIT_MS);
  }

  capabilities() {
    return RCS_CAPABILITIES;
  }

  override start(hub: Hub): Promise<void> {
    this.client.start(hub.memory);
    return super.start(hub);
  }

  protected check(): Promise<unknown> {
    return this.client.check();
  }

  protected read(json: unknown): BotAct[] | undefined {
    return this.client.read(json)?.acts;
  }

  override async webhook({ native, json }: SignedCallback): Promise<void> {
    const told = this.client.read(json);
    if (!told)
      return this.hub.notCarried({ kind: 'unreadable', why: 'not a notification of this dialect', native });
    const { acts, statuses, review } = told;
    await allDone([
      ...acts.map((act) => this.carryOut(act, native)),
      ...statuses.map((status) => this.status(status)),
      ...(review ? [this.notes.put('review', review.tid, review.url ?? '')] : []),
    ]);
  }

  /**
   * A telephone names a message by its contribution, which may be another id than that of the message. It is looked up in the
   * queue of the person, directly before the act.
   */
  protected override async carryOut(act: BotAct, native: string): Promise<void> {
    if (this.client.namesOurIds || act.act !== 'message' || act.quotes === undefined)
      return super.carryOut(act, native);
    const { quotes } = act;
    const referred = this.hub.inbound.run(act.from, async () => {
      act.quotes = await this.notes.get('contribution', quotes);
    });
    await allDone([referred, super.carryOut(act, native)]);
  }

  private async status({ native, report, revoked }: RcsStatus): Promise<void> {
    if (revoked !== undefined) return this.notes.put('revoked', native, String(revoked));
    if (this.client.namesOurIds) await this.notes.put('seen', native, native);
    if (!report) return this.hub.log.debug({ native }, 'on its way');
    await this.hub.submitOutcome({ native }, report);
  }

  protected send({ to, text, key, uncertain }: BotWords): Promise<Delivered> {
    const once = { idempotencyKey: key, uncertain: uncertain ?? true };
    let part = 0;
    return sendSplitText(this.hub, text, { textUnits: TEXT_UNITS }, once, (piece) => {
      const id = uuidOf(part++ === 0 ? key : `${key}.${part}`);
      return this.submit({ id, to, content: { text: piece } });
    });
  }

  private async submit(message: RcsMessage): Promise<Delivered> {
    const native = await this.client.send(message);
    if (!this.client.namesOurIds) await this.notes.put('contribution', message.id, native);
    return { native: [native], stage: 'submitted' };
  }

  /** Called at most once for each act. */
  protected override async answer({ id, from: to }: BotActor, text: string): Promise<Delivered> {
    const native: string[] = [];
    for (const piece of splitText(text, { textUnits: TEXT_UNITS }))
      native.push(
        await this.client.send({ id: uuidOf(`answer ${id} ${native.length}`), to, content: { text: piece } }),
      );
    return { native };
  }

  /** A line that says who speaks, then the file. */
  async deliverAttachment(
    event: MessageEvent,
    { file, as }: OutgoingAttachment,
    context: DeliveryContext,
  ): Promise<Delivered> {
    const { idempotencyKey: key, uncertain } = context;
    const to = this.personOf(event.data.to);
    const message = { id: uuidOf(key), to, content: { file: await this.uploaded(file, key) } };
    return this.sayBefore(event, as, context, () =>
      this.hub.atMostOnce(key, () => this.submit(message), uncertain),
    );
  }

  /** A platform may review a file first: the next attempt asks for its result, and does not upload the file again. */
  private async uploaded(file: OutgoingAttachment['file'], key: string): Promise<RcsFile> {
    const about = { contentType: file.contentType, fileName: file.filename, fileSize: file.size };
    let tid = await this.notes.get('upload', key);
    if (tid === undefined) {
      const answer = await this.client.upload(file);
      if ('url' in answer) return { ...about, ...answer };
      ({ tid } = answer);
      await this.notes.put('upload', key, tid);
    }
    const url = await this.notes.awaited('review', tid);
    if (url === undefined) throw new HubError('91', 'the platform still reviews an attachment');
    if (url === '') throw new HubError('106', 'the platform refused an attachment after its review');
    return { ...about, url };
  }

  async openAttachment({ url = '' }: Record<string, string>, signal: AbortSignal) {
    return (await this.client.open(url, signal)) ?? this.hub.attachments.download(url, signal);
  }

  /** Works until a telephone has the message. After that the recall is said in words, once for all native messages. */
  async deliverRecall({ id, data }: MessageEvent, { piece }: ChangeContext): Promise<Delivered> {
    const to = this.personOf(data.to);
    if (await this.revoked(piece.id, to)) return { native: [] };
    const key = `recall-${networkOf(data.from.address)}-${id}`;
    await this.account.contacts.say(data.to, data.from, PHRASES.zh.recalled, (text) =>
      this.send({ to, text, key }),
    );
    return { native: [] };
  }

  /** All parts, or the recipient has a torn message: then nothing more is sent to them. */
  async withdraw(to: Address, native: readonly string[]): Promise<boolean> {
    const person = this.personOf(to);
    let isTaken = true;
    for (const one of native) isTaken = (await this.revoked(one, person)) && isTaken;
    return isTaken;
  }

  private async revoked(native: string, to: string): Promise<boolean> {
    try {
      await this.client.revoke(native, to);
    } catch (thrown) {
      if (thrown instanceof HubError && thrown.verdict !== 'retry') return false;
      throw thrown;
    }
    return (await this.notes.awaited('revoked', native)) === 'true';
  }

  /** There is no way to ask; but where a status names our id, the first one shows that the platform has the message. */
  async reconcile(_event: MessageEvent, key: string): Promise<Reconciled> {
    const native = this.client.namesOurIds ? await this.notes.awaited('seen', uuidOf(key)) : undefined;
    return native === undefined
      ? { found: 'unknown' }
      : { found: 'sent', delivered: { native: [native], stage: 'submitted' } };
  }

  /** The network tells no names, and answers no question whether a number exists. */
  protected lookUp(native: string): Promise<NativeProfile> {
    return Promise.resolve({ fallbackName: `+86 ${native}` });
  }
}
