/** Server-sent events of the wall. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { guarded, type Log } from '#service';
import type { WallEvent } from '../shared/events.js';
import type { EventLog } from './event-log.js';

/** A comment is sent this often, so that neither side takes the connection for dead. */
const HEARTBEAT_MS = 20_000;
/** A browser that reads more slowly than this is cut off; it connects again and gets everything. */
const MOST_UNREAD_BYTES = 16 * 1024 * 1024;
const MOST_BROWSERS = 20;

export function streamTo(request: FastifyRequest, reply: FastifyReply, events: EventLog, log: Log): void {
  if (events.watched >= MOST_BROWSERS) {
    reply.code(503).send({ detail: 'too many browsers show this wall' });
    return;
  }
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  const send = (text: string) => {
    if (raw.writableLength > MOST_UNREAD_BYTES) raw.destroy();
    else raw.write(text);
  };
  const end = events.listen((event: WallEvent) => send(`data: ${JSON.stringify(event)}\n\n`));
  const beat = setInterval(
    guarded('heartbeat of the wall', log, () => send(': still here\n\n')),
    HEARTBEAT_MS,
  );
  request.raw.once('close', () => {
    clearInterval(beat);
    end();
  });
}
