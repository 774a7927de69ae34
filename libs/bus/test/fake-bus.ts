/** One stream as nats-server keeps it: message ids once, atomic batches, answers. It can lose its connection at any publication. */
import type { Msg, MsgHdrs, PublishOptions } from '@nats-io/transport-node';
import { pino } from 'pino';
import { runInBackground } from '#service';
import type { BusConnection, BusSession } from '../src/bus-connection.js';

type Answers = (error: null, msg: Msg) => void;

interface Held {
  text: string;
  id: string | undefined;
}

export class FakeBus {
  /** What the stream has stored, in order. */
  readonly stored: string[] = [];
  /** Publications that arrived, in batches or not, since the start. */
  arrived = 0;
  /** Batches that were committed and stored. */
  batches = 0;
  takesBatches = true;
  /** Disconnects instead of taking the publication with this number. */
  disconnectsAt = Infinity;
  /** true: its answers do not arrive. */
  losesAnswers = false;
  /** Texts that the server refuses to store. */
  readonly refused = new Set<string>();
  private readonly ids = new Map<string, number>();
  private open = new Map<string, Held[]>();
  private build: (session: BusSession) => Promise<void> | void = () => undefined;
  private ended = new AbortController();
  private readonly log = pino({ level: 'silent' });
  private answers: Answers | undefined;
  private violated: (subject: string) => void = () => undefined;

  get connection(): BusConnection {
    const connection = {
      log: this.log,
      onPermissionViolation: (listener: (subject: string) => void) => (this.violated = listener),
      onSession: (build: (session: BusSession) => Promise<void> | void) => {
        this.build = build;
        return this.connect();
      },
      restart: () => this.soon(() => this.reconnect()),
    };
    return connection as unknown as BusConnection;
  }

  /** As the server reports that a subject is not permitted. */
  forbid(subject: string): void {
    this.violated(subject);
  }

  private soon(work: () => Promise<void>): void {
    setImmediate(() => runInBackground('fake bus', this.log, work));
  }

  private async reconnect(): Promise<void> {
    this.ended.abort();
    await this.connect();
  }

  private async connect(): Promise<void> {
    const ended = new AbortController();
    this.ended = ended;
    // The server abandons what was not committed.
    this.open = new Map();
    const nc = {
      info: { max_payload: 1024 * 1024 },
      subscribe: (_: string, { callback }: { callback: Answers }) => (this.answers = callback),
      publish: (_: string, payload: Uint8Array, options: PublishOptions = {}) => {
        if (!ended.signal.aborted) this.take(Buffer.from(payload).toString(), options);
      },
    };
    await this.build({ nc, ended: ended.signal } as unknown as BusSession);
  }

  private take(text: string, { headers, reply }: PublishOptions): void {
    if (++this.arrived >= this.disconnectsAt) {
      this.disconnectsAt = Infinity;
      this.ended.abort();
      this.soon(() => this.connect());
      return;
    }
    const held = { text, id: headers?.get('Nats-Msg-Id') || undefined };
    const batch = headers?.get('Nats-Batch-Id');
    const answer = batch ? this.inBatch(batch, held, headers as MsgHdrs) : this.single(held);
    if (answer && reply) this.answer(reply, answer);
  }

  private single({ text, id }: Held): object {
    if (this.refused.has(text)) return refusal(10_077, 'maximum bytes exceeded');
    const known = id === undefined ? undefined : this.ids.get(id);
    if (known !== undefined) return { stream: 'S', seq: known, duplicate: true };
    return { stream: 'S', seq: this.store({ text, id }) };
  }

  private inBatch(batch: string, held: Held, headers: MsgHdrs): object | undefined {
    const all = this.open.get(batch) ?? [];
    this.open.set(batch, all);
    all.push(held);
    if (headers.get('Nats-Batch-Commit') !== '1') return undefined;
    this.open.delete(batch);
    if (!this.takesBatches) return refusal(10_174, 'atomic publish is disabled');
    if (Number(headers.get('Nats-Batch-Sequence')) !== all.length)
      return refusal(10_176, 'atomic publish batch is incomplete');
    if (all.some(({ text }) => this.refused.has(text))) return refusal(10_077, 'maximum bytes exceeded');
    const ids = all.flatMap(({ id }) => id ?? []);
    if (new Set(ids).size < ids.length || ids.some((id) => this.ids.has(id)))
      return refusal(10_201, 'atomic publish batch contains duplicate message id');
    this.batches++;
    const seqs = all.map((one) => this.store(one));
    return { stream: 'S', seq: seqs.at(-1), batch, count: all.length };
  }

  private store({ text, id }: Held): number {
    this.stored.push(text);
    if (id !== undefined) this.ids.set(id, this.stored.length);
    return this.stored.length;
  }

  private answer(subject: string, value: object): void {
    if (this.losesAnswers) return;
    const [answers, { signal }] = [this.answers, this.ended];
    setImmediate(() => {
      const msg = { subject, data: Buffer.from(JSON.stringify(value)) } as Partial<Msg> as Msg;
      if (!signal.aborted) answers?.(null, msg);
    });
  }
}

function refusal(err_code: number, description: string): object {
  return { error: { code: 400, err_code, description } };
}
