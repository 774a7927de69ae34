/**
 * Passes typing and presence on. They go through the same pipeline as stored events, and are never stored in a stream; the
 * last presence of each subscriber is a value in a bucket.
 */
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Msg } from '@nats-io/transport-node';
import { Bucket, BusConnection, OrderedPublisher } from '#bus';
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
import { guarded, LOG, metrics, runInBackground, type Log } from '#service';
import { canonicalOrSame } from '../pipeline/canonicalise.js';
import { decide } from '../pipeline/decide.js';
import { LocalViews } from '../registry/local-views.js';

/** Ephemeral events are neither repeated by the bus nor limited. */
const NOTHING_SEEN = { has: () => false };
const UNLIMITED = { reserve: () => undefined };

@Injectable()
export class SignalsService implements OnModuleInit {
  private readonly presence: Bucket;

  constructor(
    private readonly link: BusConnection,
    publisher: OrderedPublisher,
    private readonly views: LocalViews,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.presence = new Bucket(link, publisher, BUCKETS.presence);
  }

  async onModuleInit(): Promise<void> {
    await this.link.onSession(({ nc }) => {
      nc.subscribe(subjects.signalIn(ANY), {
        queue: 'switch',
        callback: guarded('signals', this.log, (error: Error | null, message: Msg) =>
          error ? undefined : this.carryOut(message.subject, message.data),
        ),
      });
    });
  }

  private async carryOut(subject: string, bytes: Uint8Array): Promise<void> {
    try {
      const source = networkInSubject(subject);
      const received = readable(bytes);
      if (!received) return;
      const { registry, consents, directory, absences } = this.views;
      const event = canonicalOrSame(received, registry.current);
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
      if (sent.type === 'im.hutong.presence.v1' && !sent.data.probe) this.storePresence(sent);
    } catch (error) {
      this.log.debug({ subject, reason: toHubError(error).detail }, 'ephemeral event dropped');
    }
  }

  private storePresence({ data }: PresenceEvent): void {
    const { address } = data.from;
    const key = `${networkOf(address)}.${Buffer.from(address).toString('base64url')}`;
    runInBackground('presence stored', this.log, () =>
      this.presence.put(key, {
        availability: data.availability,
        statusText: data.statusText,
        at: new Date().toISOString(),
      }),
    );
  }
}

/** undefined: not an ephemeral event. It is counted, and not logged: a member could fill the log. */
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
