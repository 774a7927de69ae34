/** Second people of all networks, who talk with each other: so the console has something to show. */
import { addressOf, network } from '#protocol';
import { awaitedLater } from '#service';
import { openCast, type Actor } from '../support/cast.js';
import type { StandaloneFixture } from '../support/standalone-fixture.js';

/** Whose phones are on the wall are the first. */
const SECOND = 1;
/** Pauses between two lines, ms: the curve of the traffic goes up and down. */
const PAUSES_MS = [150, 200, 300, 250, 600, 900, 400, 200];
/** Every so many lines somebody writes to nobody. */
const LOST = 23;

export class Traffic {
  private stopped = false;
  private running: Promise<void> = Promise.resolve();
  /** Native id of the newest line of the first person. */
  lastId = '';

  private constructor(private readonly actors: readonly Actor[]) {}

  static async start(whole: StandaloneFixture, slugs: readonly string[]): Promise<Traffic> {
    const traffic = new Traffic(Object.values(await openCast(whole, slugs, SECOND)));
    traffic.running = awaitedLater(traffic.talk());
    return traffic;
  }

  /** @throws what somebody could not say */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
    for (const { phone } of this.actors) await phone.hangUp();
  }

  private async talk(): Promise<void> {
    const { actors } = this;
    for (let line = 0; !this.stopped; line++) {
      const one = actors[line % actors.length];
      const step = 1 + (Math.floor(line / actors.length) % (actors.length - 1));
      const other = actors[(line + step) % actors.length];
      if (one && other) await this.say(one, other, line);
      await new Promise((resolve) => setTimeout(resolve, PAUSES_MS[line % PAUSES_MS.length]));
    }
  }

  private async say(one: Actor, other: Actor, line: number): Promise<void> {
    const { greeting, answer } = one.person.lines;
    if (line % LOST === LOST - 1) {
      const nobody = addressOf(network(other.slug), other.person.nobody);
      await one.phone.write(one.toNobody(other, nobody), greeting);
      return;
    }
    const id = await one.phone.write(one.toReach(other), line % 2 === 0 ? greeting : answer);
    if (one === this.actors[0]) this.lastId = id;
  }
}
