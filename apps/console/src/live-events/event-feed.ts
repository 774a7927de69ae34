/**
 * Sends every stream what changed for its reader. Changes are read from the audit log, which all consoles write, so that it does not
 * matter which console made one; the health of networks is that which webhooks are told too; counts are those of the overview.
 */
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { isReserved, type Network } from '#protocol';
import { LOG, PeriodicTask, type Log } from '#service';
import { isAllowed } from '../access/permissions.js';
import { LivenessNotice } from '../networks/liveness-notice.js';
import { OverviewService } from '../overview/overview.service.js';
import { concerns, EventFeedRepository, type AuditNews } from './event-feed.repository.js';
import type { EventStream } from './event-stream.js';
import { EventStreams } from './event-streams.js';
import { TOPIC_NAMES, TOPICS, topicsOf, type Topic } from './event-topics.js';
import type { CountsEvent, EventData } from './live-events.dto.js';

const LOOK_MS = 1000;
const COUNT_MS = 5000;
/** Entries of the audit log that are sent to a reader who comes back; with more of them it reads everything again. */
const MOST_MISSED = 1000;

type State = EventData['network']['state'];

@Injectable()
export class EventFeed implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly tasks: PeriodicTask[] = [];
  /** Newest entry of the audit log that was sent; undefined: nobody reads. */
  private sent: number | undefined;
  private readonly states = new Map<Network, State>();
  /** As JSON, by scope. */
  private readonly counts = new Map<string, string>();
  private lastClose: string | null | undefined;

  constructor(
    private readonly streams: EventStreams,
    private readonly rows: EventFeedRepository,
    private readonly liveness: LivenessNotice,
    private readonly overview: OverviewService,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.tasks.push(
      new PeriodicTask(LOOK_MS, () => this.look(), 'news for event streams', this.log),
      new PeriodicTask(COUNT_MS, () => this.count(), 'counts for event streams', this.log),
    );
  }

  async onModuleDestroy(): Promise<void> {
    for (const task of this.tasks) await task.stop();
  }

  /** @param after number of the last entry that the reader knows; undefined: a new reader; null: not a number of an entry */
  async begin(stream: EventStream, after: number | null | undefined): Promise<void> {
    // From here on the stream gets what comes after `upTo`. It counts at once, so that nobody opens more than they may.
    this.streams.add(stream);
    const upTo = this.sent ?? (await this.rows.newest());
    this.sent ??= upTo;
    if (after !== undefined) await this.sendMissed(stream, after, upTo);
    for (const [network, state] of this.states) this.sendState(stream, network, state);
    const counts = this.counts.get(scopeOf(stream));
    if (counts !== undefined) stream.send('counts', JSON.parse(counts) as CountsEvent);
    stream.send('ready', {}, upTo);
  }

  private async sendMissed(stream: EventStream, after: number | null, upTo: number): Promise<void> {
    const isOfOurs = after !== null && after <= upTo;
    const missed = isOfOurs ? await this.rows.entriesAfter(after, MOST_MISSED + 1) : [];
    if (!isOfOurs || missed.length > MOST_MISSED) return stream.send('reload', {});
    // The next look sends what is newer.
    this.sendChanges(
      stream,
      missed.filter(({ seq }) => seq <= upTo),
    );
  }

  private async look(): Promise<void> {
    this.lookAtNetworks();
    if (this.streams.all.size === 0) {
      this.sent = undefined;
      this.lastClose = undefined;
      return;
    }
    if (this.sent === undefined) return;
    const news = await this.rows.entriesAfter(this.sent, MOST_MISSED);
    this.sent = news.at(-1)?.seq ?? this.sent;
    if (news.length > 0) for (const stream of this.streams.all) this.sendChanges(stream, news);
    await this.lookAtDays();
  }

  /** One event for all entries. */
  private sendChanges(stream: EventStream, entries: readonly AuditNews[]): void {
    const { network } = stream.reader;
    const seen = network === null ? entries : entries.filter((entry) => concerns(entry, network));
    const topics = permitted(stream, new Set(seen.flatMap(({ action }) => topicsOf(action))));
    if (topics.length > 0) stream.send('changed', { topics }, seen.at(-1)?.seq);
  }

  private async lookAtDays(): Promise<void> {
    const last = await this.rows.lastClose();
    const isNew = this.lastClose !== undefined && this.lastClose !== last;
    this.lastClose = last;
    if (!isNew) return;
    for (const stream of this.streams.all) {
      const topics = permitted(stream, new Set(['business-days']));
      if (topics.length > 0) stream.send('changed', { topics });
    }
  }

  private lookAtNetworks(): void {
    for (const [network, liveness] of this.liveness.all) {
      const state = liveness.state === 'on' ? 'available' : 'unavailable';
      if (isReserved(network) || this.states.get(network) === state) continue;
      this.states.set(network, state);
      for (const stream of this.streams.all) this.sendState(stream, network, state);
    }
  }

  private sendState(stream: EventStream, network: Network, state: State): void {
    const { network: own } = stream.reader;
    if (own === null || own === network) stream.send('network', { network, state });
  }

  private async count(): Promise<void> {
    const scopes = new Set([...this.streams.all].map(scopeOf));
    for (const scope of this.counts.keys()) if (!scopes.has(scope)) this.counts.delete(scope);
    for (const scope of scopes) {
      const counts = await this.countsOf(scope || null);
      const text = JSON.stringify(counts);
      if (this.counts.get(scope) === text) continue;
      this.counts.set(scope, text);
      // Also to the streams that were opened meanwhile: they got the former counts, or none.
      for (const stream of this.streams.all) if (scopeOf(stream) === scope) stream.send('counts', counts);
    }
  }

  private async countsOf(network: string | null): Promise<CountsEvent> {
    const { perSecond, inFlight, waiting, failed, deadLetters } = await this.overview.of('live', network);
    return { perSecond, inFlight, waiting, failed, deadLetters };
  }
}

/** Network of an operator; '': the whole exchange. */
function scopeOf({ reader }: EventStream): string {
  return reader.network ?? '';
}

function permitted({ reader }: EventStream, topics: ReadonlySet<Topic>): Topic[] {
  return TOPIC_NAMES.filter((topic) => topics.has(topic) && isAllowed(reader.role, TOPICS[topic]));
}
