/** A key-value bucket of the bus. Writes go through the ordered publisher: pipelined, durable, resent after a crash. */
import { JetStreamApiError } from '@nats-io/jetstream';
import { HubError } from '#protocol';
import { sleep } from '#service';
import { BucketReader } from './bucket-reader.js';
import type { BusConnection } from './bus-connection.js';
import type { OrderedPublisher } from './ordered-publisher.js';
import { notDone, PATIENCE_MS, RETRY_MS } from './patient-read.js';

/** Error codes of the server: for a write that expected another revision, and for one that is larger than the stream takes. */
const WRONG_LAST_SEQUENCE = 10_071;
const TOO_LARGE = 10_054;

/** A bucket that this process also writes. */
export class Bucket extends BucketReader {
  constructor(
    connection: BusConnection,
    private readonly publisher: OrderedPublisher,
    name: string,
  ) {
    super(connection, name);
  }

  /** Resolves when the value is on disk. Writes of one key are applied in the order of the calls. */
  async put(key: string, value: unknown): Promise<void> {
    await this.publisher.publish(this.subject(key), JSON.stringify(value));
  }

  /**
   * Stores a value if the key never had one, in order with `put`.
   * @returns false: it had one. Also if that is this value itself, and the answer of the bus was lost
   */
  async putFirst(key: string, value: unknown): Promise<boolean> {
    try {
      await this.publisher.publish(this.subject(key), JSON.stringify(value), undefined, true);
      return true;
    } catch (error) {
      if (error instanceof HubError && error.code === '94') return false;
      throw error;
    }
  }

  /**
   * Stores a value unless another process created the key for the same reason within two minutes: the first one wins.
   * @param why the reason; part of the message id
   */
  async create(key: string, value: unknown, why = 'create'): Promise<void> {
    await this.publisher.publish(this.subject(key), JSON.stringify(value), `${why} ${key}`);
  }

  /**
   * Replaces a value by what `work` makes of it, in one step (compare and set): when another process wrote the key meanwhile,
   * `work` is called again with the newer value. A write without an answer of the bus counts as not done, so `work` may
   * also be called with a value that it has made itself. Not in order with `put` of the same key.
   * @param work has no effects of its own. undefined: the value stays as it is
   * @throws HubError 91 when the bus is away, or others are faster, for 15 s; 61 when the value is larger than the bus takes
   */
  async change(key: string, work: (value: unknown) => Promise<unknown>): Promise<void> {
    const until = performance.now() + PATIENCE_MS;
    for (;;) {
      const { value, revision } = await this.revised(key);
      const next = await work(value);
      if (next === undefined) return;
      let cause: unknown;
      try {
        if (await this.replace(key, next, revision)) return;
      } catch (error) {
        if (error instanceof HubError) throw error;
        cause = error;
        await sleep(RETRY_MS);
      }
      if (performance.now() >= until) throw notDone('change', this.stream, cause);
    }
  }

  /** @returns false: another value was written since that revision. @throws what the client throws; HubError 61 */
  private async replace(key: string, value: unknown, revision: number): Promise<boolean> {
    const { session } = this.connection;
    if (!session) throw new Error('the bus is away');
    const content = JSON.stringify(value);
    try {
      await session.js.publish(this.subject(key), content, { expect: { lastSubjectSequence: revision } });
      return true;
    } catch (error) {
      if (!(error instanceof JetStreamApiError)) throw error;
      if (error.code === WRONG_LAST_SEQUENCE) return false;
      throw new HubError(error.code === TOO_LARGE ? '61' : '96', `the bus refused ${key}: ${error.message}`);
    }
  }

  /** Writes `null`, in the order of the calls, like `put`. */
  delete(key: string): Promise<void> {
    return this.put(key, null);
  }
}
