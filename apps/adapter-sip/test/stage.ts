/** The real adapter with a hub in memory, for phones and servers that others wrote. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallDraft, Delivered, Hub } from '#adapter-kit';
import { freePort } from '#engines';
import {
  addressOf,
  network,
  plainText,
  type Address,
  type CallEvent,
  type ContactEvent,
  type EventId,
  type MessageEvent,
  type PresenceEvent,
} from '#protocol';
import { HubDouble, type HubDoubleOptions } from '../../../libs/bot-contacts/src/testing/hub-double.js';
import { until } from '../../../test/support/until.js';
import { SipAdapter } from '../src/sip.adapter.js';
import { sipSettings, type SipSettings } from '../src/sip.config.js';

export const DOMAIN = 'youxin.test';
/** Without a space: baresip's file of accounts has no quotes. */
export const PASSWORD = 'sesame';
export const ANN = 'ann';
export const BEA = 'bea';
/** A person of another network, and how she is addressed here. */
export const ALICE: Address = 'im:alice@far' as Address;
export const ALICE_HERE = `sip:alice@far.${DOMAIN}`;

const YOUXIN = network('youxin');

export interface SeenPresence {
  of: string;
  for: string;
  availability: string;
  statusText: string | undefined;
}

/** Of the n-th message that Alice writes: it is the native id, too. */
export function keyOf(nth: number): string {
  return `${'k'.repeat(27)}${String(nth).padStart(6, '0')}`;
}

export class SipStage {
  readonly presences: SeenPresence[] = [];
  /** What people of this network did in calls. */
  readonly calls: CallDraft[] = [];
  /** Whether somebody writes, in the order in which it came. */
  readonly typing: unknown[] = [];
  private keys = 0;
  private heardOfCall: (draft: CallDraft) => void = () => undefined;

  adapter: SipAdapter;

  private constructor(
    private settings: SipSettings,
    readonly double: HubDouble,
    /** For files of the test; removed with the stage. */
    readonly folder: string,
  ) {
    this.adapter = new SipAdapter(YOUXIN, settings, double.log);
  }

  static async open(settings: NodeJS.ProcessEnv = {}, options: HubDoubleOptions = {}): Promise<SipStage> {
    const folder = mkdtempSync(join(tmpdir(), 'hutong-sip-'));
    const port = await freePort();
    const accounts = join(folder, 'accounts');
    writeFileSync(accounts, `${ANN} ${PASSWORD}\n${BEA} ${PASSWORD}\n`);
    const double = new HubDouble({ sends: true, ...options });
    const parsed = sipSettings.parse({
      SIP_DOMAIN: DOMAIN,
      SIP_HOST: '127.0.0.1',
      SIP_PUBLIC_HOST: '127.0.0.1',
      SIP_PORT: port,
      SIP_ACCOUNTS: accounts,
      ...settings,
    });
    const stage = new SipStage(parsed, double, folder);
    await stage.adapter.start(stage.hub());
    return stage;
  }

  get port(): number {
    return this.settings.SIP_PORT;
  }

  /** Another process with the same memory takes over. @param more settings that are changed */
  async restart(more: Partial<SipSettings> = {}): Promise<void> {
    await this.adapter.stop();
    this.settings = { ...this.settings, ...more };
    this.adapter = new SipAdapter(YOUXIN, this.settings, this.double.log);
    await this.adapter.start(this.hub());
  }

  get server(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Texts that people of this network wrote, in the order in which they came: the hub knows by its native id what it has already. */
  get written(): { from: string; to: string; text: string }[] {
    const first = new Map(this.double.submitted.toReversed().map((draft) => [draft.nativeId, draft]));
    return [...first.values()].toReversed().map(({ from, to, content }) => ({
      from: from.address,
      to,
      text: (content.body as { content?: string }).content ?? '',
    }));
  }

  async untilWritten(count: number): Promise<void> {
    await until(`${count} messages`, () => this.double.submitted.length >= count);
  }

  /** Alice writes to somebody of this network. @throws HubError */
  async deliver(
    native: string,
    text: string,
    more: Pick<MessageEvent, 'resolvedby'> = {},
  ): Promise<Delivered> {
    const idempotencyKey = keyOf(++this.keys);
    const event = {
      ...more,
      id: idempotencyKey,
      data: {
        from: { address: ALICE },
        to: addressOf(YOUXIN, native),
        content: { body: plainText(text) },
        sentAt: new Date().toISOString(),
      },
    } as unknown as MessageEvent;
    return this.adapter.deliver(event, {
      idempotencyKey,
      target: undefined,
      uncertain: false,
      delayedSince: undefined,
    });
  }

  /** Alice asks somebody of this network, or answers. */
  async contact(native: string, action: ContactEvent['data']['action']): Promise<void> {
    const data = { action, from: { address: ALICE }, to: addressOf(YOUXIN, native) };
    await this.adapter.deliverContact({ id: randomUUID(), data } as unknown as ContactEvent);
  }

  /** Somebody of this network sees the presence of Alice. */
  async showPresence(native: string, availability: PresenceEvent['data']['availability']): Promise<void> {
    const data = { availability, from: { address: ALICE }, to: addressOf(YOUXIN, native) };
    await this.adapter.showPresence({ data } as unknown as PresenceEvent);
  }

  /** Alice calls somebody of this network. @returns the id of the call. @throws HubError */
  async call(native: string, session: string | undefined): Promise<EventId> {
    const id = `call-${++this.keys}` as EventId;
    await this.adapter.deliverCall(this.callEvent(native, { id, action: 'invite', session }));
    return id;
  }

  /** The bus delivers an invitation once more. */
  async again(native: string, invite: { id: EventId; action: 'invite'; session: string }): Promise<void> {
    await this.adapter.deliverCall(this.callEvent(native, invite));
  }

  /** Alice, or somebody else, does something in a call. */
  async inCall(
    native: string,
    data: { call: EventId; action: CallEvent['data']['action']; session?: string; from?: Address },
  ): Promise<void> {
    await this.adapter.deliverCall(this.callEvent(native, { id: randomUUID() as EventId, ...data }));
  }

  /** Calls that the adapter has in hand. */
  get callsNow(): number {
    return this.adapter.callsNow;
  }

  /** @param listener hears what people of this network do in calls */
  onCall(listener: (draft: CallDraft) => void): void {
    this.heardOfCall = listener;
  }

  /** Of the call that begins with this invitation. */
  idOf({ native }: Pick<CallDraft, 'native'>): EventId {
    return `call-of-${native}` as EventId;
  }

  /** Resolves when somebody of this network has done this in a call. */
  async untilCalled(action: CallEvent['data']['action'], count = 1): Promise<CallDraft> {
    const done = () => this.calls.filter((draft) => draft.action === action);
    await until(`${action} in a call`, () => done().length >= count);
    const draft = done()[count - 1];
    if (!draft) throw new Error(`nobody did ${action}`);
    return draft;
  }

  /** A folder of its own for a program. */
  folderOf(name: string): string {
    const folder = join(this.folder, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  async close(): Promise<void> {
    await this.adapter.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private callEvent(
    native: string,
    {
      id,
      from = ALICE,
      ...data
    }: { id: EventId; from?: Address } & Pick<CallEvent['data'], 'action'> & {
        call?: EventId;
        session?: string | undefined;
      },
  ): CallEvent {
    const to = addressOf(YOUXIN, native);
    const people = { from: { address: from, displayName: 'Alice' }, to };
    return {
      id,
      time: new Date().toISOString(),
      data: { ...people, media: 'voice', ...data },
    } as unknown as CallEvent;
  }

  private hub(): Hub {
    const contactsOnly = {
      presence: (of: { address: string }, whom: string, availability: string, statusText?: string) =>
        void this.presences.push({ of: of.address, for: whom, availability, statusText }),
      probe: () => undefined,
      typing: (...words: unknown[]) => void this.typing.push(words),
      rememberGhost: () => Promise.resolve(),
      submitContact: () => Promise.resolve(),
      submitReceipt: () => Promise.resolve(),
      submitCall: (draft: CallDraft) => {
        this.calls.push(draft);
        setImmediate(() => this.heardOfCall(draft));
        return Promise.resolve(draft.call ? (randomUUID() as EventId) : this.idOf(draft));
      },
    };
    return { ...this.double.hub, ...contactsOnly } as unknown as Hub;
  }
}
