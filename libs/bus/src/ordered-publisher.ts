/**
 * Durable, pipelined publishing, in order within a stream. What waits for the same stream is stored as one atomic batch when it
 * is much (docs/decisions/0022-atomic-batches.md). At the start of a session everything that was not acknowledged is sent again,
 * oldest first, with the same message id ("go back N"), so that the stream has each message once and in order. One reply
 * subscription and one timer serve all publications (a request for each one costs six times as much:
 * docs/decisions/0003-ordered-publisher.md).
 */
import { hash } from 'node:crypto';
import { createInbox, nuid, type Msg } from '@nats-io/transport-node';
import { HubError } from '#protocol';
import { guarded, metrics } from '#service';
import type { BusConnection, BusSession } from './bus-connection.js';
import { checkedValue } from './checked-value.js';
import { batchHeadersOf, headersOf, PubAck, type Publication, type Stored } from './publication.js';
import { streamKeyOf, StreamQueue, type Next } from './stream-queue.js';

const TASK = 'ordered publisher';
/** In the reply subject, behind the key of a publication: the answer is for the batch that ends with it. */
const OF_BATCH = '.batch';
/** The server's code for "atomic publish is disabled": an earlier release created the stream. */
const BATCHES_DISABLED = 10_174;
/** The server's code for a message that is too large. */
const TOO_LARGE = 10_054;
/** The server's code for a publication that expected another last message of its subject. */
const WRONG_LAST_SEQUENCE = 10_071;
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
  private readonly waiting = new Map<number, Publication>();
  private nextKey = 0;
  /** By stream. Bounded by what is waiting: an empty queue is removed. */
  private readonly queues = new Map<string, StreamQueue>();
  /** Queues that may have something to send. Bounded by what is waiting. */
  private readonly ready = new Set<StreamQueue>();
  /** Streams that refused a batch in this session. Bounded by the number of streams. */
  private readonly withoutBatches = new Set<string>();
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
   * @param isFirst stored only if nothing was ever stored under the subject
   * @throws HubError 91 when MAX_WAITING publications wait already; 61 when the payload is too large; 31, 96 when the bus refuses it;
   *   94 when it is not the first: also if an answer was lost and it was stored by itself
   */
  publish(subject: string, content: Uint8Array | string, msgId?: string, isFirst = false): Promise<Stored> {
    const payload = typeof content === 'string' ? Buffer.from(content) : content;
    if (this.waiting.size >= MAX_WAITING)
      return Promise.reject(new HubError('91', 'the bus is away and too many publications are waiting'));
    const most = this.session?.nc.info?.max_payload ?? SMALLEST_MAX_PAYLOAD;
    if (payload.length + HEADERS_MAX > most)
      return Promise.reject(new HubError('61', `more than the bus takes at once: ${most} bytes`));
    const messageId = msgId === undefined ? undefined : this.sealed(msgId);
    return new Promise<Stored>((resolve, reject) => {
      const key = this.nextKey++;
      const stream = streamKeyOf(subject);
      const sending = { sentAt: 0, isAlone: false };
      const publication = { key, subject, stream, payload, messageId, isFirst, ...sending, resolve, reject };
      this.waiting.set(key, publication);
      const queue = this.queueOf(stream);
      queue.add(publication);
      this.pumpSoon(queue);
    });
  }

  private queueOf(stream: string): StreamQueue {
    const known = this.queues.get(stream);
    if (known) return known;
    const queue = new StreamQueue(() => !this.withoutBatches.has(stream));
    this.queues.set(stream, queue);
    return queue;
  }

  /** Hashes twice, as HMAC does against length extension; the library's HMAC takes fifteen times as long. */
  private sealed(msgId: string): string {
    if (this.secret === undefined) return msgId;
    return hash('sha256', this.secret + hash('sha256', this.secret + msgId), 'base64url');
  }

  /** Sends everything published in one turn of the event loop in one write: the system call costs most. */
  private pumpSoon(queue: StreamQueue): void {
    this.ready.add(queue);
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
    this.queues.clear();
    this.ready.clear();
  }

  private begin(session: BusSession): void {
    this.session = session;
    this.inbox = createInbox();
    this.withoutBatches.clear();
    for (const queue of this.queues.values()) {
      queue.startAgain();
      this.ready.add(queue);
    }
    const prefix = this.inbox.length + 1;
    session.nc.subscribe(`${this.inbox}.>`, {
      callback: guarded(TASK, this.connection.log, (error: Error | null, msg: Msg) => {
        if (!error && this.session === session) this.answered(msg.subject.slice(prefix), msg);
      }),
    });
    session.ended.addEventListener('abort', () => {
      if (this.session === session) this.session = undefined;
    });
    this.pump();
  }

  private pump(): void {
    const { session } = this;
    if (!session) return;
    for (const queue of this.ready)
      for (let next = queue.next(); next; next = queue.next()) this.send(session, next);
    this.ready.clear();
  }

  private send({ nc }: BusSession, next: Next): void {
    const sentAt = Date.now();
    if (next.send === 'one') {
      const { publication } = next;
      publication.sentAt = sentAt;
      const headers = headersOf(publication);
      nc.publish(publication.subject, publication.payload, {
        reply: `${this.inbox}.${publication.key}`,
        ...(headers ? { headers } : {}),
      });
      return;
    }
    const { publications } = next;
    const batch = nuid.next();
    for (const [at, publication] of publications.entries()) {
      publication.sentAt = sentAt;
      const isLast = at === publications.length - 1;
      nc.publish(publication.subject, publication.payload, {
        headers: batchHeadersOf(publication, batch, at + 1, isLast),
        ...(isLast ? { reply: `${this.inbox}.${publication.key}${OF_BATCH}` } : {}),
      });
    }
  }

  /** @param about the end of the reply subject */
  private answered(about: string, msg: Msg): void {
    const publication = this.waiting.get(Number.parseInt(about, 10));
    if (!publication) return;
    const { subject } = publication;
    if (msg.data.length === 0) {
      // No stream is there for the subject: the server is not ready. Restart the session, so that later messages do not overtake this one.
      this.connection.restart(`no stream for ${subject}`);
      return;
    }
    const checked = checkedValue(msg.data, PubAck);
    if ('refused' in checked) {
      // Not a valid acknowledgement of the server: treat it as lost, and send again in a new session.
      metrics.badMessages.inc({ kind: 'acknowledgement' });
      this.connection.restart(`invalid acknowledgement for ${subject}: ${checked.refused}`);
      return;
    }
    this.acknowledgedAt = Date.now();
    if (about.endsWith(OF_BATCH)) this.batchAnswered(publication, checked.value);
    else this.acknowledged(publication, checked.value);
  }

  private acknowledged(publication: Publication, ack: PubAck): void {
    this.settle(publication);
    if (ack.error) {
      metrics.published.inc({ result: 'refused' });
      const { err_code, description } = ack.error;
      const code = err_code === TOO_LARGE ? '61' : err_code === WRONG_LAST_SEQUENCE ? '94' : '96';
      publication.reject(new HubError(code, `the bus refused ${publication.subject}: ${description}`));
    } else {
      metrics.published.inc({ result: ack.duplicate ? 'duplicate' : 'stored' });
      publication.resolve({ seq: ack.seq ?? 0, duplicate: ack.duplicate ?? false });
    }
  }

  /** A refused batch is sent again singly, whatever the reason: an id that is stored already, a stream without batches, a limit. */
  private batchAnswered(last: Publication, { error, seq = 0, count = 0 }: PubAck): void {
    const { stream } = last;
    const queue = this.queueOf(stream);
    const batch = queue.endBatch(last, error ? 0 : count);
    if (error?.err_code === BATCHES_DISABLED) this.withoutBatches.add(stream);
    if (!batch) {
      this.connection.log.debug({ stream, reason: error?.description ?? `${count} stored` }, 'no batch');
      this.pumpSoon(queue);
      return;
    }
    metrics.published.inc({ result: 'stored' }, batch.length);
    for (const [at, publication] of batch.entries()) {
      this.settle(publication);
      publication.resolve({ seq: seq - (batch.length - 1 - at), duplicate: false });
    }
  }

  private settle(publication: Publication): void {
    this.waiting.delete(publication.key);
    const queue = this.queueOf(publication.stream);
    queue.settle(publication);
    if (queue.isEmpty) this.queues.delete(publication.stream);
    else this.pumpSoon(queue);
    if (this.waiting.size === 0) {
      for (const resolve of this.idle.splice(0)) resolve();
    }
  }

  /** A permission violation names no single publication: all publications to that subject are rejected. */
  private refuse(subject: string): void {
    for (const publication of this.waiting.values()) {
      if (publication.subject !== subject) continue;
      this.settle(publication);
      publication.reject(new HubError('31', `these credentials may not publish to ${subject}`));
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
