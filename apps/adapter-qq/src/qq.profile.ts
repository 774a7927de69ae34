/** What the interfaces to QQ differ in. The adapter has one of them. */
import type { Server } from 'node:http';
import type { AttachTools, Delivered, Hub, NativeProfile, OutgoingAttachment } from '#adapter-kit';
import type { BotWords, Edge, PlatformHttp, SignedCallback } from '#adapter-webhook';
import type { BotAct, BotActor } from '#bot-contacts';
import type { Capabilities } from '#protocol';

/** Words with an attachment. */
export interface QqMedium extends BotWords {
  medium: OutgoingAttachment;
}

export interface QqProfile {
  readonly capabilities: Capabilities;
  readonly nativeId: RegExp;
  readonly http: PlatformHttp;
  /** Events come as HTTP calls, otherwise over one WebSocket. */
  readonly isCalled: boolean;
  /** How a callback proves itself. */
  readonly edge: Edge<unknown>;
  /** The answer to a callback whose events are stored. undefined: 204 without a body */
  acknowledge(callback: SignedCallback): object | undefined;
  /** @param take carries out what QQ sends over a WebSocket; never rejects */
  start(hub: Hub, take: (input: SignedCallback) => Promise<void>): void;
  stop(): Promise<void>;
  /** The program opens the WebSocket: takes it from this server. */
  attach?(server: Server, tools: Pick<AttachTools, 'refusals' | 'proofs'>): void;
  check(): Promise<unknown>;
  /** Pure. @returns undefined for what is no event of this interface; an empty list for one that says nothing of a person */
  read(json: unknown): BotAct[] | undefined;
  /** Called with each act before it is carried out. */
  before?(act: BotAct): Promise<void>;
  /** At most once for a key. */
  send(words: BotWords): Promise<Delivered>;
  sendMedium(words: QqMedium): Promise<Delivered>;
  /** Answers an act; the caller sees to it that this happens once. */
  answer(to: BotActor, text: string): Promise<Delivered>;
  recall(to: string, native: string): Promise<unknown>;
  /** @throws HubError 14 */
  lookUp(native: string): Promise<NativeProfile>;
  open(source: Record<string, string>, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
}
