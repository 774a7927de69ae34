/** Request/reply on the bus: plain JSON both ways, so that any language can speak it. */
import type { Msg } from '@nats-io/transport-node';
import type { z } from 'zod';
import { HubError, jsonIn } from '#protocol';
import { guarded, metrics } from '#service';
import type { BusLink } from './bus-link.js';

/** @throws HubError 91 when nobody answers in time, 96 when the answer is not of the schema */
export async function ask<T>(
  link: BusLink,
  subject: string,
  body: unknown,
  schema: z.ZodType<T>,
  timeoutMs = 3000,
): Promise<T> {
  const session = link.session;
  if (!session) throw new HubError('91', 'the bus is away');
  const reply = await session.nc
    .request(subject, JSON.stringify(body), { timeout: timeoutMs })
    .catch((cause: unknown) => {
      throw new HubError('91', `no answer on ${subject}`, { cause });
    });
  const parsed = schema.safeParse(jsonIn(reply.data));
  if (!parsed.success) throw new HubError('96', `an answer on ${subject} that is not of its schema`);
  return parsed.data;
}

/** Answers requests until the link closes; an error of the handler becomes `onError(...)`. */
export async function answer(
  link: BusLink,
  subject: string,
  handle: (body: unknown, subject: string) => Promise<unknown>,
  onError: (error: unknown) => unknown,
): Promise<void> {
  await link.onSession((session) => {
    session.nc.subscribe(subject, {
      queue: 'answer',
      callback: guarded(`answer to ${subject}`, link.log, async (error: Error | null, message: Msg) => {
        // We answer with our own rights: never to a subject that is not somebody's inbox.
        if (error || !message.reply?.startsWith('_INBOX')) return;
        const body = jsonIn(message.data);
        if (body === undefined) metrics.badMessages.inc({ kind: 'control' });
        const reply = await handle(body, message.subject).catch(onError);
        if (!session.ended.aborted) message.respond(JSON.stringify(reply));
      }),
    });
  });
}
