/** Statuses in a webhook -> what became of messages. Pure. They come in any order, and more than once. */
import { z } from 'zod';
import type { LateEvent, LateReport } from '#adapter-kit';
import { EventId, isSuccess, network, NETWORK_PATTERN } from '#protocol';
import { changesIn } from './changes.js';
import { whatsappError } from './whatsapp.errors.js';

const Status = z.looseObject({
  id: z.string().min(1).max(256),
  status: z.string(),
  recipient_id: z.string().catch(''),
  biz_opaque_callback_data: z.string().max(512).optional().catch(undefined),
  errors: z
    .array(
      z.looseObject({
        code: z.number(),
        title: z.string().catch(''),
        message: z.string().optional().catch(''),
      }),
    )
    .catch([]),
});

export interface MessageStatus {
  /** Id of the message. */
  native: string;
  recipient: string;
  /** undefined: on its way, or a status of no known name. */
  report: LateReport | undefined;
  /** What our label said, if it is one of ours. */
  of?: { key: string; event: LateEvent };
}

/** @param phoneId of our number. @returns `unreadable` for each that is no status */
export function readStatuses(json: unknown, phoneId: string): (MessageStatus | 'unreadable')[] {
  return (changesIn(json, phoneId)?.ours ?? []).flatMap(({ value }) =>
    value.statuses.map((native) => {
      const { data } = Status.safeParse(native);
      if (!data) return 'unreadable';
      const of = labelIn(data.biz_opaque_callback_data ?? '');
      const about = { native: data.id, recipient: data.recipient_id, report: reportOf(data) };
      return of ? { ...about, of } : about;
    }),
  );
}

function reportOf({ status, errors: [error] }: z.infer<typeof Status>): LateReport | undefined {
  // The device of the person says both to WhatsApp.
  if (status === 'delivered' || status === 'read') return { stage: status, basis: 'user-device' };
  if (status !== 'failed') return undefined;
  const { code, detail } = whatsappError(error && { ...error, message: error.message || error.title });
  return { stage: 'failed', basis: 'network', code: isSuccess(code) ? '100' : code, detail };
}

function labelIn(label: string): MessageStatus['of'] {
  const [key = '', author = '', event] = label.split(' ');
  const id = EventId.safeParse(event).data;
  return id && NETWORK_PATTERN.test(author) && /^[\w-]{20,60}$/.test(key)
    ? { key, event: { id, author: network(author) } }
    : undefined;
}
