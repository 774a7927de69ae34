import { KeptChild, MOST_ATTEMPTS, STEADY_MS, type Startable } from './kept-child.js';

/** A process that ends when the play says so; like the real one it tells of its end also while it is being started. */
class FakeChild implements Startable {
  readonly spec = { name: 'switch' };
  pid: number | undefined;
  running = false;
  starts = 0;
  beingStarted = 0;
  mostAtOnce = 0;
  /** Why the next starts fail, one by one; then they succeed. */
  readonly failures: string[] = [];
  /** Ends in the moment in which it has become ready. */
  endsWhenReady = false;

  constructor(private readonly onCrash: (how: string) => void) {}

  async start(): Promise<void> {
    this.starts++;
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.beingStarted);
    await turn();
    const why = this.failures.shift();
    this.running = why === undefined;
    this.beingStarted--;
    if (this.endsWhenReady) this.end('exit 1');
    if (why === undefined) return;
    this.onCrash('exit 1');
    throw new Error(why);
  }

  stop(): Promise<void> {
    this.running = false;
    return Promise.resolve();
  }

  end(how: string): void {
    this.running = false;
    this.onCrash(how);
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

class Play {
  now = 1000;
  readonly said: string[] = [];
  readonly delays: number[] = [];
  started = 0;
  readonly kept: KeptChild<FakeChild>;

  constructor() {
    const clock = {
      now: () => this.now,
      sleep: (ms: number) => {
        this.delays.push(ms);
        return turn();
      },
    };
    this.kept = new KeptChild(
      (onCrash) => new FakeChild(onCrash),
      clock,
      (words) => this.said.push(words),
      () => this.started++,
    );
  }

  get child(): FakeChild {
    return this.kept.child;
  }

  /** Until nothing happens any more. */
  async settles(): Promise<void> {
    for (let quiet = 0, before = ''; quiet < 5; quiet++) {
      await turn();
      const now = `${this.child.starts} ${this.said.length} ${this.delays.length}`;
      if (now !== before) quiet = 0;
      before = now;
    }
  }

  async ends(how: string): Promise<void> {
    this.child.end(how);
    await this.settles();
  }
}

async function aRunningChild(): Promise<Play> {
  const play = new Play();
  await play.kept.start();
  return play;
}

describe('a process that is kept running', () => {
  test('is started again when it ends, and the installation says so', async () => {
    const play = await aRunningChild();
    await play.ends('killed by SIGKILL');
    expect(play.child.starts).toBe(2);
    expect(play.child.running).toBe(true);
    expect(play.said).toEqual(['switch ended (killed by SIGKILL); starting it again, attempt 1 of 10']);
  });

  test('is started by one loop, also when a start fails and the process reports its end as well', async () => {
    const play = await aRunningChild();
    play.child.failures.push('not ready', 'not ready', 'not ready');
    await play.ends('exit 1');
    expect(play.child.starts).toBe(1 + 4);
    expect(play.child.mostAtOnce).toBe(1);
    expect(play.delays).toHaveLength(4);
  });

  test('waits longer from attempt to attempt, up to a minute', async () => {
    const play = await aRunningChild();
    play.child.failures.push(...Array<string>(MOST_ATTEMPTS - 1).fill('not ready'));
    await play.ends('exit 1');
    expect(play.delays).toHaveLength(MOST_ATTEMPTS);
    expect(play.delays[0]).toBeLessThanOrEqual(600);
    for (const [at, delay] of play.delays.slice(1, 7).entries())
      expect(delay).toBeGreaterThan(play.delays[at] ?? Infinity);
    expect(Math.max(...play.delays)).toBeGreaterThan(30_000);
    expect(Math.max(...play.delays)).toBeLessThanOrEqual(60_000);
  });

  test('is given up after ten attempts in a row that failed, with the reason of the last; nothing starts it then', async () => {
    const play = await aRunningChild();
    play.child.failures.push(...Array<string>(20).fill('port 8080 is taken'));
    await play.ends('exit 1');
    expect(play.child.starts).toBe(1 + MOST_ATTEMPTS);
    expect(play.said.at(-1)).toBe('switch: given up: port 8080 is taken');
    await play.ends('exit 1');
    expect(play.child.starts).toBe(1 + MOST_ATTEMPTS);
    expect(play.said.filter((words) => words.includes('given up'))).toHaveLength(1);
  });

  test('that becomes ready and ends at once again and again is given up too', async () => {
    const play = await aRunningChild();
    for (let at = 0; at < MOST_ATTEMPTS; at++) {
      play.now += 2000;
      await play.ends('exit 7');
    }
    expect(play.said.at(-1)).toMatch(/attempt 10 of 10/);
    await play.ends('exit 7');
    expect(play.said.at(-1)).toBe('switch: given up: exit 7');
  });

  test('that ran for a minute starts its count anew', async () => {
    const play = await aRunningChild();
    for (let at = 0; at < 3 * MOST_ATTEMPTS; at++) {
      play.now += STEADY_MS;
      await play.ends('exit 7');
    }
    expect(play.child.starts).toBe(1 + 3 * MOST_ATTEMPTS);
    expect(new Set(play.said)).toEqual(
      new Set(['switch ended (exit 7); starting it again, attempt 1 of 10']),
    );
  });

  test('that ends in the very moment in which it becomes ready is not taken for running', async () => {
    const play = await aRunningChild();
    play.child.endsWhenReady = true;
    await play.ends('exit 1');
    expect(play.said.at(-1)).toBe('switch: given up: ended as soon as it was ready');
    expect(play.started).toBe(1);
  });

  test('is not started again after the supervisor has stopped it, nor while it waits for its next attempt', async () => {
    const play = await aRunningChild();
    play.child.end('exit 1');
    await play.kept.stop();
    await play.settles();
    play.child.end('killed by SIGTERM');
    await play.settles();
    expect(play.child.starts).toBe(1);
  });

  test('that does not start the first time fails the start of the installation, and is not tried again', async () => {
    const play = new Play();
    play.child.failures.push('no such program');
    await expect(play.kept.start()).rejects.toThrow('no such program');
    await play.settles();
    expect(play.child.starts).toBe(1);
    expect(play.said).toEqual([]);
  });
});
