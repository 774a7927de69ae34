/** Adapter of NetEase Yunxin. Every remote person is an account of the application, created at first contact. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  addressOf,
  HubError,
  nativeOf,
  plainText,
  reportWords,
  shownName,
  toHubError,
  wordsOf,
  type Address,
  type LeafPart,
  type MessageEvent,
  type Network,
  type Party,
  type ReportEvent,
  type ResolveReply,
} from '#protocol';
import {
  type Adapter,
  type AttachmentDelivering,
  type AttachmentOpening,
  type AvatarShowing,
  type ChangeContext,
  type Connectivity,
  type Delivered,
  type DeliveryContext,
  type Hub,
  type NativeProfile,
  type OutgoingAttachment,
  presentableParty,
  type Profiling,
  type RecallDelivering,
  type Reconciled,
  type Reconciling,
  type ReportShowing,
  type Resolving,
  sendSplitText,
} from '#adapter-kit';
import { Correspondents, recordRefusal, type Reading } from '#bot-contacts';
import type { MediaFile } from '#media';
import { fileHash, LruCache, tolerate, type Log } from '#service';
import { checkCopy, type CopyHeaders } from './checksum.js';
import { mediaParameters, messageParameters } from './from-canonical.js';
import { extOf, foundIn, historyQuery } from './history.js';
import { GHOST_PREFIX, readCopy, type YunxinAct } from './to-canonical.js';
import { YUNXIN_CAPABILITIES } from './yunxin.capabilities.js';
import { YunxinClient, type YunxinAnswer, type YunxinOptions } from './yunxin.client.js';
import { isUnknownAccount, yunxinError } from './yunxin.errors.js';

/** Account of the robot: people send it an address to write to somebody whose ghost they do not know. */
const ROBOT = `${GHOST_PREFIX}robot`;
const ROBOT_NAME = '互通 Hutong';
const PROFILE_AGE_MS = 600_000;
const CHECK_MS = 2000;
/** Maximum size of a message body, which is JSON. */
const BODY_BYTES = 5000;
/** user/create: the account exists already. */
const EXISTS = 414;
/** Maximum length of an account name, UTF-16 units. */
const MOST_OF_A_NAME = 60;
/** Other fields of the card are ignored. */
const Text = z.string().max(2000).optional().catch(undefined);
const Cards = z
  .array(z.looseObject({ name: Text, icon: Text }))
  .max(10)
  .catch([]);
type Card = z.infer<typeof Cards>[number];
const NO_COPY = JSON.stringify({ push: false, roam: true, history: true, sendersync: false, route: false });

type Said = Extract<YunxinAct, { act: 'message' }>;

/** A copy with a valid checksum. */
export interface ProvenCopy {
  native: string;
  /** Reason for which its JSON must not be parsed. */
  unreadable: string | undefined;
}

export class YunxinAdapter
  implements
    Adapter,
    AttachmentDelivering,
    AttachmentOpening,
    RecallDelivering,
    Reconciling,
    ReportShowing,
    Resolving,
    Profiling,
    AvatarShowing
{
  /** Copies are HTTP, so any process can take them; the numbers of correspondents change in one step (decision 0021). */
  readonly sharesPartitions = true;
  /** Copies contain the name of the sender, but no avatar. */
  readonly profileAgeMs = PROFILE_AGE_MS;
  private hub!: Hub;
  private correspondents!: Correspondents;
  private readonly client: YunxinClient;
  private readonly named = new LruCache<string, string>({ max: 20_000 });
  private readonly stopping = new AbortController();

  constructor(
    readonly network: Network,
    private readonly options: YunxinOptions,
    readonly log: Log,
  ) {
    this.client = new YunxinClient(options);
  }

  capabilities() {
    return YUNXIN_CAPABILITIES;
  }

  /** Quotes, line breaks and control characters take more bytes in JSON than in the text. */
  fits(event: MessageEvent): boolean {
    return Buffer.byteLength(messageParameters(event).body) <= BODY_BYTES;
  }

  get connectivity(): Connectivity {
    return this.client.http.connectivity;
  }

  start(hub: Hub): Promise<void> {
    this.hub = hub;
    this.correspondents = new Correspondents(hub, YUNXIN_CAPABILITIES.language);
    this.keepChecking();
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.stopping.abort();
    return Promise.resolve();
  }

  /** @throws HubError 31 for a copy that Yunxin did not send */
  prove(headers: CopyHeaders, body: Buffer): void {
    checkCopy(headers, body, this.options.appSecret);
  }

  /**
   * Processes an authenticated copy. Resolves when its event is stored, or recorded as not carried because a repetition would
   * have the same result.
   * @throws HubError if the copy may succeed when Yunxin sends it again
   */
  async copy({ native, unreadable }: ProvenCopy): Promise<void> {
    if (unreadable !== undefined) return this.hub.notCarried({ kind: 'unreadable', why: unreadable, native });
    const act = readCopy(native);
    switch (act.act) {
      case 'ignored':
        return this.log.debug({ why: act.why }, 'copy ignored: no message to a remote person');
      case 'lost':
        return this.hub.notCarried({ kind: act.kind, why: act.why, native });
      case 'message':
        return this.hub.inbound.run(`${act.from} ${act.to}`, () =>
          this.said(act).catch((thrown: unknown) => this.refused(act, native, thrown)),
        );
    }
  }

  private async said(act: Said): Promise<void> {
    const said = await this.readBy(act);
    if (!said) return;
    await this.hub.submitMessage({
      nativeId: act.id,
      from: {
        address: addressOf(this.network, act.from),
        ...(act.nick === undefined ? {} : { displayName: act.nick }),
      },
      to: said.to,
      sentAt: act.sentAt,
      content: { body: said.part },
      ...(act.medium ? { media: [act.medium] } : {}),
    });
    if (said.notice !== undefined) await this.tell(act, said.notice);
  }

  /** @throws HubError if the copy may succeed when Yunxin sends it again */
  private async refused(act: Said, native: string, thrown: unknown): Promise<void> {
    await this.tell(act, reportWords(recordRefusal(this.hub, thrown, native), 'zh'));
  }

  /** Answers the sender of this message as the robot. */
  private async tell(act: Said, text: string): Promise<void> {
    const once = { idempotencyKey: `answer-${act.id}`, uncertain: true };
    await tolerate('words of the robot', this.log, () =>
      sendSplitText(this.hub, text, YUNXIN_CAPABILITIES.limits, once, (msg) =>
        this.sendMessage({ from: ROBOT, to: act.from, type: '0', body: JSON.stringify({ msg }) }),
      ),
    );
  }

  /** Determines recipient and content: a ghost stands for one person; for the robot, the text names the person. */
  private async readBy(
    act: Said,
  ): Promise<{ to: Address; part: LeafPart; notice?: string | undefined } | undefined> {
    if (act.to !== ROBOT) return { to: await this.hub.rememberedGhost(act.to), part: act.part };
    const person = addressOf(this.network, act.from);
    const typed = wordsOf(act.part);
    if (typed === '') {
      const whom = await this.correspondents.whom(person);
      return whom.act === 'send' ? { to: whom.to, part: act.part } : this.answer(act, whom);
    }
    const reading = await this.correspondents.read(person, act.id, typed);
    if (reading.act === 'send')
      return { to: reading.to, part: plainText(reading.text), notice: reading.notice };
    return this.answer(act, reading);
  }

  private async answer(act: Said, reading: Exclude<Reading, { act: 'send' }>): Promise<undefined> {
    if (reading.act === 'answer') await this.tell(act, reading.text);
    else this.hub.notCarried({ kind: 'unanswered', why: reading.why, native: act.id });
  }

  async deliver(event: MessageEvent, { idempotencyKey, uncertain }: DeliveryContext): Promise<Delivered> {
    const [from, to] = [await this.ghost(event.data.from), personOf(event.data.to)];
    return this.hub.atMostOnce(
      idempotencyKey,
      () => this.sendMessage({ from, to, ...messageParameters(event), ext: extOf(idempotencyKey) }),
      uncertain,
    );
  }

  async deliverAttachment(
    event: MessageEvent,
    medium: OutgoingAttachment,
    context: DeliveryContext,
  ): Promise<Delivered> {
    const [from, to] = [await this.ghost(event.data.from), personOf(event.data.to)];
    const url = await this.client.upload(medium.file);
    const parameters = mediaParameters(medium, url, await fileHash(medium.file.path, 'md5'));
    return this.hub.atMostOnce(
      context.idempotencyKey,
      () => this.sendMessage({ from, to, ...parameters, ext: extOf(context.idempotencyKey) }),
      context.uncertain,
    );
  }

  openAttachment(
    { url = '' }: Record<string, string>,
    signal: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array>> {
    return this.hub.attachments.download(url, signal);
  }

  /** Yunxin does not recognise a repeated message, but keeps a history in which the key of ours is found. */
  async reconcile({ time, data }: MessageEvent, idempotencyKey: string): Promise<Reconciled> {
    const [from, to] = [await this.ghost(data.from), personOf(data.to)];
    const answer = await this.client
      .call('history/querySessionMsg', historyQuery(from, to, time))
      .catch(cannotSay);
    return foundIn(answer['msgs'], from, idempotencyKey);
  }

  async deliverRecall({ data }: MessageEvent, { piece }: ChangeContext): Promise<Delivered> {
    const [from, to] = [await this.ghost(data.from), nativeOf(data.to)];
    const [deleteMsgid = '', timetag = ''] = piece.id.split('@');
    await this.client.call('msg/recall', { deleteMsgid, timetag, type: '7', from, to });
    return { native: [] };
  }

  async showReport({ id, data }: ReportEvent): Promise<void> {
    const [from, to] = [await this.ghost(data.from), nativeOf(data.to)];
    const body = JSON.stringify({ msg: reportWords(data.code, 'zh') });
    await this.hub.atMostOnce(id, () => this.sendMessage({ from, to, type: '0', body }));
  }

  async resolve(address: Address): Promise<ResolveReply> {
    const known = await this.card(personOf(address));
    if (!known) return { code: '14' };
    return {
      code: '00',
      party: presentableParty({ address, ...(known.name ? { displayName: known.name } : {}) }),
    };
  }

  async profileOf(address: Address): Promise<NativeProfile> {
    const { name, icon } = (await this.card(personOf(address))) ?? {};
    return { displayName: name || null, avatar: icon ? { version: icon, source: { url: icon } } : null };
  }

  async showAvatar(party: Party, picture: MediaFile | undefined): Promise<void> {
    const accid = await this.ghost(party);
    const icon = picture ? await this.client.upload(picture) : '';
    await this.client.call('user/updateUinfo', { accid, icon });
  }

  /** Reads the card of an account. @returns undefined for an unknown account. @throws HubError */
  private async card(accid: string): Promise<Card | undefined> {
    const answer = await this.client.ask('user/getUinfos', { accids: JSON.stringify([accid]) });
    if (isUnknownAccount(answer)) return undefined;
    if (answer.code !== 200) throw yunxinError('user/getUinfos', answer);
    return Cards.parse(answer['uinfos'])[0] ?? {};
  }

  private async sendMessage(message: {
    from: string;
    to: string;
    type: string;
    body: string;
    ext?: string;
  }): Promise<Delivered> {
    const answer = await this.client.call('msg/sendMsg', { ope: '0', option: NO_COPY, ...message });
    const { msgid, timetag } = (answer.data ?? {}) as { msgid?: number | string; timetag?: number | string };
    // A recall requires both.
    return { native: msgid === undefined ? [] : [`${msgid}@${timetag ?? ''}`] };
  }

  /** Returns the ghost's account; it exists and has its name when this resolves. */
  private async ghost({ address, displayName }: Party): Promise<string> {
    const accid = GHOST_PREFIX + createHash('sha256').update(address).digest('hex').slice(0, 24);
    const name = shownName(address, displayName, nativeOf(address), MOST_OF_A_NAME);
    const known = this.named.get(accid);
    if (known === name || (known !== undefined && displayName === undefined)) return accid;
    await this.hub.rememberGhost(accid, address);
    await this.makeAccount(accid, name);
    this.named.set(accid, name);
    return accid;
  }

  /** Creates the account, or renames an existing one. @throws HubError 91: no message was sent */
  private async makeAccount(accid: string, name: string): Promise<void> {
    const made = (path: string) =>
      this.client.ask(path, { accid, name }).catch((cause: unknown) => {
        throw new HubError('91', `Yunxin ${path} gave no answer`, { cause });
      });
    const created = await made('user/create');
    if (created.code === 200) return;
    if (created.code !== EXISTS || !/already/i.test(created.desc ?? ''))
      throw new HubError('91', `Yunxin user/create answered ${created.code} ${created.desc ?? ''}`);
    const named = await made('user/updateUinfo');
    if (named.code !== 200)
      throw new HubError('91', `Yunxin user/updateUinfo answered ${named.code} ${named.desc ?? ''}`);
  }

  /** While Yunxin is unreachable, tries to create the robot's account, without which people cannot write to a new contact. */
  private keepChecking(): void {
    const check = async () => {
      if (!this.client.http.reachable) await this.makeAccount(ROBOT, ROBOT_NAME);
    };
    this.client.http.keepChecking(check, this.log, this.stopping.signal, CHECK_MS);
  }
}

/** @throws HubError 91, 65: it is asked again. An application without a history cannot say */
function cannotSay(thrown: unknown): YunxinAnswer {
  const error = toHubError(thrown);
  if (error.verdict === 'retry') throw error;
  if (error.code === '103')
    throw new HubError('91', 'Yunxin gave no answer about its history', { cause: error });
  return { code: 200 };
}

/** @throws HubError 14 for a ghost: a message from a remote network to a ghost would loop */
function personOf(address: Address): string {
  const accid = nativeOf(address);
  if (accid.startsWith(GHOST_PREFIX)) throw new HubError('14', 'an account of the hub is nobody');
  return accid;
}
