/**
 * Durable, pipelined, ordered publishing. At the start of a session everything that was not acknowledged is sent again, oldest
 * first, with the same message id ("go back N"), so that the stream has each message once and in order. One reply
 * subscription and one timer serve all publications (a request for each one costs six times as much:
 * docs/decisions/0003-ordered-publisher.md).
 */
import { hash } from 'node:crypto';
import { createInbox, headers, type Msg, type MsgHdrs } from '@nats-io/transport-node';
import { z } from 'zod';
import { HubError } from '#protocol';
import { guarded, metrics } from '#service';
import type { BusConnection, BusSession } from './bus-connection.js';
import { checkedValue } from './checked-value.js';

export interface Stored {
  seq: number;
  /** The stream already had this message id. */
  duplicate: boolean;
}

interface Entry {
  subject: string;
  payload: Uint8Array;
  headers: MsgHdrs | undefined;
  sentAt: number;
  resolve: (stored: Stored) => void;
  reject: (error: HubError) => void;
}

const PubAck = z.object({
  seq: z.number().optional(),
  duplicate: z.boolean().optional(),
  error: z.object({ err_code: z.number(), description: z.string() }).optional(),
});

const TASK = 'ordered publisher';
const WINDOW = 512;
/** The session is restarted when nothing was acknowledged for this time, ms. */
const SILENCE_MS = 5000;
/** The session is restarted when one publication was not acknowledged for this time, although later ones were, ms. */
const LOST_ACK_MS = 60_000;
const MAX_WAITING = 100_000;
/** Payload limit until the server has reported its own: the default of nats-server, bytes. */
const SMALLEST_MAX_PAYLOAD = 1024 * 1024;
const HEADERS_MAX = 1024;

export class OrderedPublisher {
  /** Unacknowledged publications, in the order of the calls. */
  private readonly waiting = new Map<number, Entry>();
  private nextKey = 0;
  /** Next key to send in this session. */
  private cursor = 0;
  private inFlight = 0;
  /** When the bus last answered a publication, ms since 1970. */
  private acknowledgedAt = 0;
  private scheduled = false;
  private session: BusSession | undefined;
  private inbox = '';
  private idle: (() => void)[] = [];
  private readonly timer: NodeJS.Timeout;
  private secret: string | undefined;

  private constructor(private readonly connection: BusConnection) {
    this.timer = setInterval(
      guarded(TASK, connection.log, () => this.checkOldest()),
      500,
    );
    this.timer.unref();
  }

  static async on(connection: BusConnection): Promise<OrderedPublisher> {
    const publisher = new OrderedPublisher(connection);
    connection.onPermissionViolation((subject) => publisher.refuse(subject));
    await connection.onSession((session) => publisher.begin(session));
    return publisher;
  }

  /**
   * From now on message ids are keyed hashes. Networks that do not trust one another share a stream, and the stream stores an
   * id only once: without the secret, another network could use an id first.
   */
  sealIds(secret: Buffer): void {
    this.secret = secret.toString('base64');
  }

  /** Number of unacknowledged publications. */
  get backlog(): number {
    return this.waiting.size;
  }

  /**
   * Resolves when the message is on disk. Waits while the bus is away, without a time limit.
   * @param msgId the stream stores a message id once within its duplicate window
   * @throws HubError 91 when MAX_WAITING publications wait already; 61 when the payload is too large; 31, 96 when the bus refuses it
   */
  publish(subject: string, content: Uint8Array | string, msgId?: string): Promise<Stored> {
    const payload = typeof content === 'string' ? Buffer.from(content) : content;
    if (this.waiting.size >= MAX_WAITING)
      return Promise.reject(new HubError('91', 'the bus is away and too many publications are waiting'));
    const most = this.session?.nc.info?.max_payload ?? SMALLEST_MAX_PAYLOAD;
    if (payload.length + HEADERS_MAX > most)
      return Promise.reject(new HubError('61', `more than the bus takes at once: ${most} bytes`));
    let hdrs: MsgHdrs | undefined;
    if (msgId !== undefined) {
      hdrs = headers();
      hdrs.set('Nats-Msg-Id', this.sealed(msgId));
    }
    return new Promise<Stored>((resolve, reject) => {
      this.waiting.set(this.nextKey++, { subject, payload, headers: hdrs, sentAt: 0, resolve, reject });
      this.pumpSoon();
    });
  }

  /** Hashes twice, as HMAC does against length extension; the library's HMAC takes fifteen times as long. */
  private sealed(msgId: string): string {
    if (this.secret === undefined) return msgId;
    return hash('sha256', this.secret + hash('sha256', this.secret + msgId), 'base64url');
  }

  /** Sends everything published in one turn of the event loop in one write: the system call costs most. */
  private pumpSoon(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(
      guarded(TASK, this.connection.log, () => {
        this.scheduled = false;
        this.pump();
      }),
    );
  }

  /** Resolves when all that was published is stored. */
  async drained(): Promise<void> {
    if (this.waiting.size > 0) await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  close(): void {
    clearInterval(this.timer);
    for (const entry of this.waiting.values()) entry.reject(new HubError('91', 'the process is stopping'));
    this.waiting.clear();
  }

  private begin(session: BusSession): void {
    this.session = session;
    this.inbox = createInbox();
    this.inFlight = 0;
    this.cursor = this.waiting.keys().next().value ?? this.nextKey;
    const prefix = this.inbox.length + 1;
    session.nc.subscribe(`${this.inbox}.*`, {
      callback: guarded(TASK, this.connection.log, (error: Error | null, msg: Msg) => {
        if (!error && this.session === session) this.acknowledged(Number(msg.subject.slice(prefix)), msg);
      }),
    });
    session.ended.addEventListener('abort', () => {
      if (this.session === session) this.session = undefined;
    });
    this.pump();
  }

  private pump(): void {
    const session = this.session;
    if (!session) return;
    for (; this.inFlight < WINDOW && this.cursor < this.nextKey; this.cursor++) {
      const entry = this.waiting.get(this.cursor);
      if (!entry) continue;
      entry.sentAt = Date.now();
      this.inFlight++;
      session.nc.publish(entry.subject, entry.payload, {
        reply: `${this.inbox}.${this.cursor}`,
        ...(entry.headers ? { headers: entry.headers } : {}),
      });
    }
  }

  private acknowledged(key: number, msg: Msg): void {
    const entry = this.waiting.get(key);
    if (!entry) return;
    if (msg.data.length === 0) {
      // No stream is there for the subject: the server is not ready. Restart the session, so that later messages do not overtake this one.
      this.connection.restart(`no stream for ${entry.subject}`);
      return;
    }
    const checked = checkedValue(msg.data, PubAck);
    if ('refused' in checked) {
      // Not a valid acknowledgement of the server: treat it as lost, and send again in a new session.
      metrics.badMessages.inc({ kind: 'acknowledgement' });
      this.connection.restart(`invalid acknowledgement for ${entry.subject}: ${checked.refused}`);
      return;
    }
    const ack = checked.value;
    this.acknowledgedAt = Date.now();
    this.settle(key, entry);
    this.pumpSoon();
    if (ack.error) {
      metrics.published.inc({ result: 'refused' });
      entry.reject(
        new HubError(
          ack.error.err_code === 10_054 ? '61' : '96',
          `the bus refused ${entry.subject}: ${ack.error.description}`,
        ),
      );
    } else {
      metrics.published.inc({ result: ack.duplicate ? 'duplicate' : 'stored' });
      entry.resolve({ seq: ack.seq ?? 0, duplicate: ack.duplicate ?? false });
    }
  }

  private settle(key: number, entry: Entry): void {
    this.waiting.delete(key);
    if (entry.sentAt > 0) this.inFlight--;
    if (this.waiting.size === 0) {
      for (const resolve of this.idle.splice(0)) resolve();
    }
  }

  /** A permission violation names no single publication: all publications to that subject are rejected. */
  private refuse(subject: string): void {
    for (const [key, entry] of this.waiting) {
      if (entry.subject !== subject) continue;
      this.settle(key, entry);
      entry.reject(new HubError('31', `these credentials may not publish to ${subject}`));
    }
    this.pump();
  }

  private checkOldest(): void {
    if (!this.session) return;
    const oldest = this.waiting.values().next().value;
    if (!oldest || oldest.sentAt === 0) return;
    const now = Date.now();
    // A slow disk acknowledges late, but continuously: a new session would only send everything again.
    const silentSince = Math.max(oldest.sentAt, this.acknowledgedAt);
    if (now - silentSince > SILENCE_MS || now - oldest.sentAt > LOST_ACK_MS)
      this.connection.restart('the bus does not acknowledge');
  }
}
