/**
 * What a gateway delivers, from its frame to the adapter and to the answer. A gateway that misses an answer sends its
 * message again: while the first one is being stored both wait for the same end, and afterwards the answer is repeated.
 */
import { createHash } from 'node:crypto';
import { HubError, RESULTS, toHubError } from '#protocol';
import { LruCache, type Log } from '#service';
import type { DeliveryReport, IncomingSegment, LinkEvents } from './sms.link.js';

export type Delivery =
  | { kind: 'segment'; segment: IncomingSegment }
  | { kind: 'report'; report: DeliveryReport }
  /** A message on its way: another report follows. */
  | { kind: 'intermediate' };

/** taken: stored, or stored before · busy: send it again later · refused: never send it again */
export type Verdict = 'taken' | 'busy' | 'refused';

export interface DeliveredFrame {
  /** Given by the gateway; undefined: it gave none, and each frame is a new delivery. */
  id: string | undefined;
  /** The whole frame, as it came. */
  bytes: Buffer;
  /** Everything that is the same when the gateway sends it again. The same id with other content is another delivery. */
  content: Buffer;
  /** @throws HubError 30 when the frame is none that this protocol knows */
  read: () => Delivery;
}

/** Gateways repeat for some minutes; the hub itself recognises messages by their ids for much longer. */
const REMEMBERED = { max: 20_000, ttl: 600_000 } as const;

export class Deliveries {
  private readonly recent = new LruCache<string, Promise<Verdict>>(REMEMBERED);
  private events: LinkEvents | undefined;

  constructor(private readonly log: Log) {}

  start(events: LinkEvents): void {
    this.events = events;
  }

  /** Never rejects. */
  take({ id, bytes, content, read }: DeliveredFrame): Promise<Verdict> {
    const work = () => this.handOver(bytes, read);
    if (id === undefined) return this.verdict(work);
    const key = `${id} ${createHash('sha256').update(content).digest('base64url')}`;
    const known = this.recent.get(key);
    if (known) return known;
    const verdict = this.verdict(work).then((reached) => {
      if (reached === 'busy') this.recent.delete(key);
      return reached;
    });
    this.recent.set(key, verdict);
    return verdict;
  }

  /** A frame that the codec cannot read. Never rejects. */
  takeUnreadable(bytes: Buffer, why: string): Promise<Verdict> {
    const read = () => {
      throw new HubError('30', why);
    };
    return this.take({ id: 'unreadable', bytes, content: bytes, read });
  }

  /**
   * The answer to a message cannot be read: nobody knows whether the gateway took the message.
   * @throws HubError 103
   */
  async unreadableAnswer(bytes: Buffer, why: string): Promise<never> {
    await this.takeUnreadable(bytes, why);
    throw new HubError('103', `the answer of the gateway cannot be read: ${why}`);
  }

  private async handOver(bytes: Buffer, read: () => Delivery): Promise<void> {
    const { events } = this;
    if (!events) throw new HubError('91', 'the link has not started');
    let delivery: Delivery;
    try {
      delivery = read();
    } catch (thrown) {
      return events.onUnreadable(bytes.toString('hex'), toHubError(thrown).detail);
    }
    if (delivery.kind === 'segment') return events.onSegment(delivery.segment);
    if (delivery.kind === 'report') return events.onReport(delivery.report);
  }

  private async verdict(work: () => Promise<void>): Promise<Verdict> {
    try {
      await work();
      return 'taken';
    } catch (thrown) {
      const { code, detail: reason } = toHubError(thrown);
      this.log.warn({ code, reason }, 'SMS: what the gateway delivered was not stored');
      return RESULTS[code].class === 'retryable' ? 'busy' : 'refused';
    }
  }
}
