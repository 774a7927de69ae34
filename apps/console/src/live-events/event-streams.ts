/** All open streams of this console: how many, until when, and their end. */
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { ApiProblem } from '#http';
import { LOG, PeriodicTask, tolerate, type Log } from '#service';
import type { EventStream } from './event-stream.js';

const MOST_OF_PERSON = 10;
const MOST = 200;
const BEAT_MS = 15_000;
/** A stream ends at most this long after the session or key with which it was opened. */
const CHECK_MS = 3000;
const RETRY_SECONDS = '30';

@Injectable()
export class EventStreams implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly open = new Set<EventStream>();
  private readonly tasks: PeriodicTask[] = [];
  private stopping = false;

  constructor(@Inject(LOG) private readonly log: Log) {}

  onApplicationBootstrap(): void {
    this.tasks.push(
      new PeriodicTask(BEAT_MS, () => this.beat(), 'heartbeat of event streams', this.log),
      new PeriodicTask(CHECK_MS, () => this.endFinished(), 'check of event streams', this.log),
    );
  }

  /** Before the server closes its connections, so that readers learn that they can connect again. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    for (const task of this.tasks) await task.stop();
    for (const stream of this.open) stream.end('stopping');
  }

  get all(): ReadonlySet<EventStream> {
    return this.open;
  }

  /** @throws ApiProblem too-many-requests, unavailable */
  expectRoom(person: string): void {
    if (this.stopping) throw new ApiProblem('unavailable', 'this console is stopping: connect again');
    if (this.open.size >= MOST)
      throw new ApiProblem('unavailable', `this console has ${MOST} event streams: try again later`);
    const own = [...this.open].filter(({ reader }) => reader.person === person).length;
    if (own >= MOST_OF_PERSON)
      throw new ApiProblem('too-many-requests', `you have ${own} event streams: close one`, {
        headers: { 'retry-after': RETRY_SECONDS },
      });
  }

  add(stream: EventStream): void {
    this.open.add(stream);
  }

  remove(stream: EventStream): void {
    this.open.delete(stream);
  }

  private beat(): Promise<void> {
    for (const stream of this.open) {
      stream.beat();
      // The connection may have closed before its end could be noticed.
      if (!stream.isOpen) this.open.delete(stream);
    }
    return Promise.resolve();
  }

  private async endFinished(): Promise<void> {
    for (const stream of this.open) {
      // If the database is away, the stream stays; the next round asks again.
      const mayGoOn = await tolerate('check of event streams', this.log, () => stream.reader.mayGoOn());
      if (mayGoOn === false) stream.end('signed-out');
    }
  }
}
