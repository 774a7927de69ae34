/** Typing and presence: decided by the same pipeline, passed on at once, never stored; the last presence is a KV value. */
import type { Msg } from '@nats-io/transport-node';
import { Bucket, type BusConnection, type OrderedPublisher } from '#bus';
import {
  subjects,
  ANY,
  BUCKETS,
  decodeEvent,
  encodeEvent,
  HubError,
  isEphemeral,
  networkInSubject,
  networkOf,
  numberOf,
  toHubError,
  type EphemeralEvent,
  type PresenceEvent,
} from '#protocol';
import { guarded, metrics, runInBackground, type Log } from '#service';
import { canonicalOrSame } from './pipeline/canonicalise.js';
import { decide } from './pipeline/decide.js';
import type { Knowledge } from './knowledge.js';

const NOTHING_SEEN = { has: () => false };
const UNLIMITED = { judge: () => undefined };

export class SignalWorker {
  private constructor(
    private readonly link: BusConnection,
    private readonly presence: Bucket,
    private readonly knowledge: Knowledge,
    private readonly log: Log,
  ) {}

  static async on(
    link: BusConnection,
    publisher: OrderedPublisher,
    knowledge: Knowledge,
    log: Log,
  ): Promise<void> {
    const worker = new SignalWorker(link, new Bucket(link, publisher, BUCKETS.presence), knowledge, log);
    await link.onSession(({ nc }) => {
      nc.subscribe(subjects.signalIn(ANY), {
        queue: 'switch',
        callback: guarded('signals', log, (error: Error | null, message: Msg) =>
          error ? undefined : worker.carryOut(message.subject, message.data),
        ),
      });
    });
  }

  private async carryOut(subject: string, bytes: Uint8Array): Promise<void> {
    try {
      const source = networkInSubject(subject);
      const said = readable(bytes);
      if (!said) return;
      const { registry, consents, directory, absences } = this.knowledge;
      const event = canonicalOrSame(said, registry.current);
      if (!consents.known) return;
      const number = numberOf(event.data.to);
      const now = new Date();
      const decision = decide(event, {
        source,
        registry: registry.current,
        consents,
        entry: number && (directory.known(number) ?? (await directory.find(number))),
        seen: NOTHING_SEEN,
        absences,
        limits: UNLIMITED,
        now,
        acceptedAt: now,
      });
      metrics.switchSignals.inc({ code: decision.verdict === 'forward' ? '00' : decision.code });
      if (decision.verdict !== 'forward') return;
      this.link.session?.nc.publish(decision.subject, encodeEvent(decision.event));
      const sent = decision.event;
      if (sent.type === 'im.hutong.presence.v1' && !sent.data.probe) this.remember(sent);
    } catch (error) {
      this.log.debug({ subject, reason: toHubError(error).detail }, 'signal dropped');
    }
  }

  private remember({ data }: PresenceEvent): void {
    const { address } = data.from;
    const key = `${networkOf(address)}.${Buffer.from(address).toString('base64url')}`;
    runInBackground('presence kept', this.log, () =>
      this.presence.put(key, {
        availability: data.availability,
        statusText: data.statusText,
        at: new Date().toISOString(),
      }),
    );
  }
}

/** undefined: not an ephemeral event. Any member can send anything here: it is counted, and not worth a line each. */
function readable(bytes: Uint8Array): EphemeralEvent | undefined {
  try {
    const event = decodeEvent(bytes);
    if (isEphemeral(event)) return event;
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
  }
  metrics.badMessages.inc({ kind: 'signal' });
  return undefined;
}
