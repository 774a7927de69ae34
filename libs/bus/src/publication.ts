/** What a publication is while it waits for its acknowledgement, and how it is sent: on its own, or in an atomic batch. */
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { z } from 'zod';
import type { HubError } from '#protocol';

export interface Stored {
  seq: number;
  /** The stream already had this message id. */
  duplicate: boolean;
}

export interface Publication {
  /** Number of the call to `publish`, from 0. */
  readonly key: number;
  readonly subject: string;
  /** Identifies its stream, see `streamKeyOf`. */
  readonly stream: string;
  readonly payload: Uint8Array;
  /** As the stream knows it: sealed. */
  readonly messageId: string | undefined;
  /** It is stored only if nothing was ever stored under its subject. */
  readonly isFirst: boolean;
  /** When it was last sent, ms since 1970; 0: never. */
  sentAt: number;
  /** It may be stored already, or was in a batch that the server refused: it is in no batch again. */
  isAlone: boolean;
  readonly resolve: (stored: Stored) => void;
  readonly reject: (error: HubError) => void;
}

/** The server's answer to a publication, or to the last one of a batch: then `seq` is that of the last one. */
export const PubAck = z.object({
  seq: z.number().optional(),
  duplicate: z.boolean().optional(),
  /** Number of messages in the batch. */
  count: z.number().optional(),
  error: z.object({ err_code: z.number(), description: z.string() }).optional(),
});
export type PubAck = z.infer<typeof PubAck>;

export function headersOf({ messageId, isFirst }: Publication): MsgHdrs | undefined {
  if (messageId === undefined && !isFirst) return undefined;
  const all = headers();
  if (messageId !== undefined) all.set('Nats-Msg-Id', messageId);
  if (isFirst) all.set('Nats-Expected-Last-Subject-Sequence', '0');
  return all;
}

/** @param sequence place in the batch, from 1 */
export function batchHeadersOf(
  publication: Publication,
  batch: string,
  sequence: number,
  isLast: boolean,
): MsgHdrs {
  const all = headersOf(publication) ?? headers();
  all.set('Nats-Batch-Id', batch);
  all.set('Nats-Batch-Sequence', String(sequence));
  if (isLast) all.set('Nats-Batch-Commit', '1');
  return all;
}
