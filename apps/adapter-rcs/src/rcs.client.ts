/** What the two interfaces to a platform differ in: how a message is sent and a notification proves itself. */
import type { Memory } from '#adapter-kit';
import type { Edge, PlatformHttp, SignedCallback } from '#adapter-webhook';
import type { MediaFile } from '#media';
import type { RcsFile, RcsMessage } from './from-canonical.js';
import type { Told } from './notifications.js';

/** A request without its credentials. */
export interface RcsRequest extends Omit<RequestInit, 'headers'> {
  headers?: Record<string, string>;
}

export interface RcsClient {
  readonly http: PlatformHttp;
  readonly edge: Edge<unknown>;
  /** Whether a status names the id that we gave to a message, so that it tells what became of an unanswered request. */
  readonly namesOurIds: boolean;
  start(memory: Memory): void;
  /** A call without effect. @throws HubError */
  check(): Promise<unknown>;
  /** @returns its native id. @throws HubError 103 when there was no answer: there is no idempotency key */
  send(message: RcsMessage): Promise<string>;
  /** Asks to recall a message that no telephone has yet; the result comes in a notification. @throws HubError */
  revoke(native: string, to: string): Promise<unknown>;
  /** @returns the address, or a number under which a notification tells it after the review. @throws HubError 105, 106; 91, 65 */
  upload(file: MediaFile): Promise<RcsFile | { tid: string }>;
  /** The content of a file that a person sent; undefined: it is elsewhere, and needs no credentials. @throws HubError 107, 91 */
  open(url: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> | undefined;
  /** Pure. @returns undefined for what is no notification */
  read(json: unknown): Told | undefined;
  /** The answer to a notification that was stored; undefined: 204 without a body. */
  acknowledge(callback: SignedCallback): object | undefined;
}
