/** Request/reply on the bus, in plain JSON, so that adapters in any language can use it. */
import { headers, nuid, type Msg } from '@nats-io/transport-node';
import {
  ANY,
  firstIssue,
  HubError,
  parseJson,
  networkInSubject,
  problemOfReply,
  subjects,
  type BusRequest,
  type RequestError,
} from '#protocol';
import { guarded, metrics } from '#service';
import type { BusConnection } from './bus-connection.js';

/**
 * @throws RequestProblem for a reply that is an error, with its code and text; HubError 91 when nobody replies in time, 96 when
 *   the reply does not match its schema
 */
export async function ask<Body, Answer>(
  connection: BusConnection,
  { subject, reply: schema }: BusRequest<Body, Answer>,
  body: Body,
  timeoutMs = 3000,
): Promise<Answer> {
  const session = connection.session;
  if (!session) throw new HubError('91', 'the bus is away');
  const message = await session.nc
    .request(subject, JSON.stringify(body), { timeout: timeoutMs, ...replyTo(subject) })
    .catch((cause: unknown) => {
      throw new HubError('91', `no answer on ${subject}`, { cause });
    });
  const reply = schema.safeParse(parseJson(message.data));
  if (!reply.success)
    throw new HubError('96', `the reply on ${subject} does not match its schema: ${firstIssue(reply.error)}`);
  if (isError(reply.data)) throw problemOfReply(reply.data);
  return reply.data;
}

/** Only errors have a text: fields that a schema does not name are dropped when it parses. */
function isError<Answer>(reply: RequestError | Answer): reply is RequestError {
  return typeof reply === 'object' && reply !== null && 'text' in reply;
}

const TO_ADAPTERS = subjects.ask(ANY, ANY).split(ANY)[0] ?? '';

/** An adapter can reply to the hub only under a subject of its own network; other requests reply to an inbox. */
function replyTo(subject: string): { noMux: true; reply: string } | undefined {
  if (!subject.startsWith(TO_ADAPTERS)) return undefined;
  return { noMux: true, reply: subjects.answer(networkInSubject(subject), nuid.next()) };
}

/**
 * Subjects to which replies are sent: an inbox, the mapped reply of a request from another account, the answer to the hub. Not
 * any subject that the requester names, since the reply is published with the rights of the process that answers.
 */
const REPLY = /^(_INBOX|_R_|hub\.answer)\./;

/** A reply that is not JSON: bytes, described by headers. */
export class BinaryReply {
  constructor(
    readonly headers: Readonly<Record<string, string>>,
    readonly data: Uint8Array | undefined,
  ) {}
}

/**
 * Answers requests until the connection closes. If the handler fails, the reply is `onError(...)`.
 * @param by `one`: one instance handles a request; `all`: every instance does, and the first reply counts
 */
export async function answer(
  connection: BusConnection,
  subject: string,
  handle: (body: unknown, subject: string) => Promise<unknown>,
  onError: (error: unknown) => unknown,
  by: 'one' | 'all' = 'one',
): Promise<void> {
  await connection.onSession((session) => {
    session.nc.subscribe(subject, {
      ...(by === 'one' ? { queue: 'answer' } : {}),
      callback: guarded(`answer to ${subject}`, connection.log, async (error: Error | null, message: Msg) => {
        if (error || !REPLY.test(message.reply ?? '')) return;
        const body = parseJson(message.data);
        if (body === undefined) metrics.badMessages.inc({ kind: 'control' });
        const reply = await handle(body, message.subject).catch(onError);
        if (!session.ended.aborted) respond(message, reply);
      }),
    });
  });
}

function respond(message: Msg, reply: unknown): void {
  if (!(reply instanceof BinaryReply)) {
    message.respond(JSON.stringify(reply));
    return;
  }
  const head = headers();
  for (const [name, value] of Object.entries(reply.headers)) head.set(name, value);
  message.respond(reply.data, { headers: head });
}
