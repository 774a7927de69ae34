/** Typing and presence: decided by the same pipeline, passed on at once, never stored; the last presence is a KV value. */
import { Bucket, type BusLink, type OrderedPublisher } from '#bus';
import {
  BUCKETS,
  decodeEvent,
  encodeEvent,
  isEphemeral,
  networkInSubject,
  networkOf,
  toHubError,
  type PresenceEvent,
} from '#protocol';
import { metrics, type Log } from '#service';
import { decide } from './pipeline/decide.js';
import type { Absences } from './pipeline/step.js';
import type { RegistryView } from './registry-view.js';

const NOTHING_SEEN = { has: () => false };
const UNLIMITED = { judge: () => undefined };

export class SignalWorker {
  private constructor(
    private readonly link: BusLink,
    private readonly presence: Bucket,
    private readonly registry: RegistryView,
    private readonly absences: Absences,
    private readonly log: Log,
  ) {}

  static async on(
    link: BusLink,
    publisher: OrderedPublisher,
    registry: RegistryView,
    absences: Absences,
    log: Log,
  ): Promise<void> {
    const presence = new Bucket(link, publisher, BUCKETS.presence);
    const worker = new SignalWorker(link, presence, registry, absences, log);
    await link.onSession(({ nc }) => {
      nc.subscribe('hub.signal.in.*', {
        queue: 'switch',
        callback: (error, message) => {
          if (!error) worker.carryOut(message.subject, message.data);
        },
      });
    });
  }

  private carryOut(subject: string, bytes: Uint8Array): void {
    try {
      const source = networkInSubject(subject);
      const event = decodeEvent(bytes);
      if (!isEphemeral(event)) return;
      const now = new Date();
      const decision = decide(event, {
        source,
        registry: this.registry.current,
        seen: NOTHING_SEEN,
        absences: this.absences,
        limits: UNLIMITED,
        now,
        acceptedAt: now,
      });
      metrics.switchSignals.inc({ code: decision.verdict === 'forward' ? '00' : decision.code });
      if (decision.verdict !== 'forward') return;
      this.link.session?.nc.publish(decision.subject, encodeEvent(decision.event));
      if (event.type === 'im.hutong.presence.v1' && !event.data.probe) this.remember(event);
    } catch (error) {
      this.log.debug({ subject, reason: toHubError(error).detail }, 'signal dropped');
    }
  }

  private remember({ data }: PresenceEvent): void {
    const { address } = data.from;
    const key = `${networkOf(address)}.${Buffer.from(address).toString('base64url')}`;
    void this.presence
      .put(key, {
        availability: data.availability,
        statusText: data.statusText,
        at: new Date().toISOString(),
      })
      .catch(() => undefined);
  }
}
