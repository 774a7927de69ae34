import { silentLog, StartRefused } from '#service';
import { HostedApp, keepAll, type Host } from './hosted-app.js';
import { KeptChild } from './kept-child.js';

/** A network whose adapter starts, unless the next failure says why not. */
class Play {
  readonly failures: string[] = [];
  readonly said: string[] = [];
  starts = 0;
  stops = 0;
  /** The adapter waits for the bus, until `busComes` is called. */
  waits = false;
  busComes: () => void = () => undefined;
  refuse: Parameters<Host>[0] = () => undefined;
  readonly kept: KeptChild<HostedApp>;

  constructor(slug: string) {
    const host: Host = (refuse) => {
      this.starts++;
      const why = this.failures.shift();
      if (why !== undefined) return Promise.reject(new Error(why));
      this.refuse = refuse;
      const hosted = { stop: () => Promise.resolve(void this.stops++) };
      if (this.waits) return new Promise((resolve) => (this.busComes = () => resolve(hosted)));
      return Promise.resolve(hosted);
    };
    this.kept = new KeptChild(
      (onEnd) => new HostedApp(`adapter-${slug}`, host, silentLog, onEnd),
      { now: () => 1000, sleep: turn },
      (text) => this.said.push(text),
      () => undefined,
    );
  }

  get running(): boolean {
    return this.kept.child.running;
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function settles(): Promise<void> {
  for (let at = 0; at < 200; at++) await turn();
}

describe('adapters in one process', () => {
  test('one that does not start at first is tried again, and does not hold up the other', async () => {
    const [fetion, yixin] = [new Play('fetion'), new Play('yixin')];
    yixin.failures.push('port 8085 is taken', 'port 8085 is taken');
    await Promise.all([fetion.kept.keep(), yixin.kept.keep()]);
    await settles();
    expect([fetion.running, yixin.running]).toEqual([true, true]);
    expect([fetion.starts, yixin.starts]).toEqual([1, 3]);
    expect(yixin.said[0]).toBe(
      'adapter-yixin ended (port 8085 is taken); starting it again, attempt 1 of 10',
    );
    expect(fetion.said).toEqual([]);
  });

  test('one that never starts is given up with its reason; the other runs on', async () => {
    const [fetion, yixin] = [new Play('fetion'), new Play('yixin')];
    yixin.failures.push(...Array<string>(30).fill('wrong settings: ACCOUNT_TOKEN'));
    await Promise.all([fetion.kept.keep(), yixin.kept.keep()]);
    await settles();
    expect([fetion.running, yixin.running]).toEqual([true, false]);
    expect(yixin.said.at(-1)).toBe('adapter-yixin: given up: wrong settings: ACCOUNT_TOKEN');
  });

  test('one that must not go on is stopped and started again; the other is not touched', async () => {
    const [fetion, yixin] = [new Play('fetion'), new Play('yixin')];
    await Promise.all([fetion.kept.keep(), yixin.kept.keep()]);
    yixin.refuse(new StartRefused('the bus acknowledges before it writes'));
    await settles();
    expect([yixin.stops, yixin.starts, yixin.running]).toEqual([1, 2, true]);
    expect(yixin.said).toEqual([
      'adapter-yixin ended (the bus acknowledges before it writes); starting it again, attempt 1 of 10',
    ]);
    expect([fetion.stops, fetion.starts]).toEqual([0, 1]);
  });

  test('a stop stops all, and nothing is started again', async () => {
    const plays = [new Play('fetion'), new Play('yixin')];
    await Promise.all(plays.map(({ kept }) => kept.keep()));
    await Promise.all(plays.map(({ kept }) => kept.stop()));
    await settles();
    expect(plays.map(({ running, starts, stops }) => [running, starts, stops])).toEqual([
      [false, 1, 1],
      [false, 1, 1],
    ]);
  });

  test('one that still waits for the bus does not prevent an orderly stop of the other', async () => {
    const [fetion, yixin] = [new Play('fetion'), new Play('yixin')];
    yixin.waits = true;
    const stop = keepAll([yixin.kept, fetion.kept], silentLog);
    await settles();
    expect([fetion.running, yixin.running]).toEqual([true, false]);
    await stop();
    expect([fetion.running, fetion.stops]).toEqual([false, 1]);
  });

  test('one that was stopped while it started is stopped when it has started, and not started again', async () => {
    const yixin = new Play('yixin');
    yixin.waits = true;
    const stop = keepAll([yixin.kept], silentLog);
    await settles();
    await stop();
    yixin.busComes();
    await settles();
    expect([yixin.running, yixin.starts, yixin.stops]).toEqual([false, 1, 1]);
    expect(yixin.said).toEqual([]);
  });
});
