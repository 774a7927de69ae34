/** Looks for events that no request of the console causes. One console at a time does it. */
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { network as networkSlug } from '#protocol';
import { LOG, PeriodicWorker, type Log } from '#service';
import { CLOCK, type Clock } from '../core/clock.js';
import { ConsoleBus } from '../core/console-bus.js';
import { DeadLettersService, type Letter } from '../dead-letters/dead-letters.service.js';
import { LivenessNotice } from '../networks/liveness-notice.js';
import { partiesOfDay } from '../networks/network-slugs.repository.js';
import { OverviewRepository, type Expiring } from '../overview/overview.repository.js';
import {
  closedDaysWithoutEvent,
  liveNetworks,
  positionOf,
  recordEvent,
  removeOldEvents,
  setPosition,
  tryLockEvents,
} from './hub-events.repository.js';

const EVERY_MS = 5000;
/** Expiries, closed days and old events are looked for in every twelfth round. */
const SLOW_ROUNDS = 12;
const DAY_MS = 24 * 3600_000;
const CREDENTIAL_DAYS = 7;
const CERTIFICATE_DAYS = 30;
/** Dead letters that one round reads; further ones are read by the next. */
const MOST_LETTERS = 50;
const LETTERS_SEEN = 'dead_letters_seen_up_to';

@Injectable()
export class EventWatch extends PeriodicWorker {
  private done = 0;

  constructor(
    private readonly database: DataSource,
    private readonly liveness: LivenessNotice,
    private readonly letters: DeadLettersService,
    private readonly expiries: OverviewRepository,
    private readonly bus: ConsoleBus,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) log: Log,
  ) {
    super(EVERY_MS, 'search for events', log);
  }

  /** @param isSlow also look for expiries, closed days and old events */
  async round(isSlow = this.done++ % SLOW_ROUNDS === 0): Promise<void> {
    await this.database.transaction(async (manager) => {
      if (!(await tryLockEvents(manager))) return;
      await this.availability(manager);
      await this.deadLetters(manager);
      if (!isSlow) return;
      await this.closedDays(manager);
      await this.expiring(manager);
      await removeOldEvents(manager);
    });
  }

  private async availability(manager: EntityManager): Promise<void> {
    for (const { slug, last } of await liveNetworks(manager)) {
      const liveness = this.liveness.all.get(networkSlug(slug));
      if (!liveness) continue;
      const kind = liveness.state === 'on' ? 'network.available' : 'network.unavailable';
      // A network counts as available before its first event.
      if (kind === (last ?? 'network.available')) continue;
      await recordEvent(manager, {
        key: `${kind} ${slug} ${this.clock().toISOString()}`,
        kind,
        network: slug,
        subject: `network/${slug}`,
        words: wordsOf(slug, liveness.state, liveness.since),
      });
    }
  }

  private async deadLetters(manager: EntityManager): Promise<void> {
    if (!this.bus.link.connected) return;
    const [seen, last] = [await positionOf(manager, LETTERS_SEEN), await this.letters.lastNumber()];
    // At the very first round, and when the stream was created again: letters from before are no events.
    if (seen === undefined || last < seen) return setPosition(manager, LETTERS_SEEN, last);
    if (last === seen) return;
    const fresh: Omit<Letter, 'payload'>[] = [];
    let position = seen;
    for (let count = 0; count < MOST_LETTERS; count++) {
      const [letter] = await this.letters.list(position, 1, undefined);
      if (!letter) break;
      position = letter.id;
      const { payload: _, ...head } = letter;
      fresh.push(head);
    }
    for (const [network, letters] of Map.groupBy(fresh, (letter) => letter.network)) {
      const [first] = letters;
      if (!first) continue;
      await recordEvent(manager, {
        key: `dead-letter ${network} ${first.id}`,
        kind: 'dead-letter.stored',
        network,
        subject: `dead-letter/${first.id}`,
        words: wordsForLetters(network, letters),
      });
    }
    // Letters that were discarded before this round leave gaps at the end.
    await setPosition(
      manager,
      LETTERS_SEEN,
      fresh.length < MOST_LETTERS ? Math.max(position, last) : position,
    );
  }

  private async closedDays(manager: EntityManager): Promise<void> {
    for (const date of await closedDaysWithoutEvent(manager))
      for (const network of await partiesOfDay(manager, date))
        await recordEvent(manager, {
          key: `statement.ready ${date} ${network}`,
          kind: 'statement.ready',
          network,
          subject: `business-day/${date}`,
          words:
            `The business day ${date} is closed. Read the statement with GET /v1/business-days/${date}/statements/${network}, ` +
            'and confirm it or raise a difference.',
        });
  }

  private async expiring(manager: EntityManager): Promise<void> {
    const now = this.clock().getTime();
    const within = (days: number) => new Date(now + days * DAY_MS);
    for (const one of await this.expiries.expiringCertificates(within(CERTIFICATE_DAYS), null))
      await this.expires(manager, 'certificate', one);
    for (const one of await this.expiries.expiringCredentials(within(CREDENTIAL_DAYS), null))
      await this.expires(manager, 'credential', one);
  }

  private async expires(
    manager: EntityManager,
    what: 'certificate' | 'credential',
    { network, until }: Expiring,
  ): Promise<void> {
    // An event from before, which may be removed by now, is not repeated.
    if (until <= this.clock()) return;
    await recordEvent(manager, {
      key: `${what}.expires ${network} ${until.toISOString()}`,
      kind: `${what}.expires`,
      network,
      subject: `network/${network}`,
      words: `The ${what} of ${network} expires at ${until.toISOString()}.`,
    });
  }
}

function wordsOf(slug: string, state: 'on' | 'signed_off' | 'unreachable', since: string): string {
  switch (state) {
    case 'on':
      return `${slug} is available again since ${since}.`;
    case 'signed_off':
      return `The adapter of ${slug} signed off at ${since}. Messages to ${slug} wait.`;
    case 'unreachable':
      return `${slug} is unavailable since ${since}: no heartbeat, or no connection to its network. Messages to ${slug} wait.`;
  }
}

function wordsForLetters(network: string, letters: readonly Pick<Letter, 'reason'>[]): string {
  const codes = [...new Set(letters.map(({ reason }) => reason))].sort().join(', ');
  return `${letters.length} dead letters of ${network} were stored, with code ${codes}. See GET /v1/dead-letters?network=${network}.`;
}
