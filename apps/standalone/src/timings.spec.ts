import { Phases } from './phases.js';
import { measureMemory, parentOf, parseSmapsRollup } from './process-memory.js';
import { timings } from './timings.js';

const ROLLUP = `5581f28c7000-7ffd4a5f1000 ---p 00000000 00:00 0                          [rollup]
Rss:               46780 kB
Pss:               12345 kB
Pss_Dirty:          9000 kB
Pss_Anon:           9000 kB
Private_Dirty:      8000 kB
`;

describe('npm start -- --timings', () => {
  test('prints phases, processes and totals', () => {
    const phases = [
      { name: 'nats-server', from: 200, took: 340 },
      { name: 'console', from: 540, took: 2000 },
    ];
    const memory = [
      { name: 'main', pid: 10, processes: 1, pss: 50_400_000, rss: 90_000_000 },
      { name: 'postgres', pid: 11, processes: 9, pss: 30_000_000, rss: 120_000_000 },
    ];
    expect(timings(phases, memory).split('\n')).toEqual([
      '',
      '  Phase                        from s   took s',
      '  nats-server                     0.2      0.3',
      '  console                         0.5      2.0',
      '  Ready after                              2.5',
      '',
      '  Process                      PSS MB   RSS MB',
      '  main (10)                        50       90',
      '  postgres (9 processes)           30      120',
      '  Total                            80      210',
      '  RSS counts memory that processes share once for each; PSS divides it among them.',
      '',
    ]);
  });

  test('says so where memory cannot be measured, and prints no number', () => {
    const text = timings([], undefined);
    expect(text).toContain('not measured');
    expect(text).not.toContain('Total');
  });
});

describe('phases of a start', () => {
  test('are measured, also when they overlap, in the order in which they began', async () => {
    let now = 1000;
    const phases = new Phases(() => now);
    let end: () => void = () => undefined;
    const long = phases.measure('long', () => new Promise<void>((resolve) => (end = resolve)));
    now = 1100;
    const answer = await phases.measure('short', () => {
      now = 1150;
      return Promise.resolve('answer');
    });
    now = 1300;
    end();
    await long;
    expect(answer).toBe('answer');
    expect(phases.list).toEqual([
      { name: 'long', from: 0, took: 300 },
      { name: 'short', from: 100, took: 50 },
    ]);
  });

  test('one that fails has no time, and its error goes on', async () => {
    const phases = new Phases();
    await expect(phases.measure('console', () => Promise.reject(new Error('port taken')))).rejects.toThrow(
      'port taken',
    );
    expect(phases.list).toEqual([]);
  });
});

describe('memory of processes', () => {
  test('is read from smaps_rollup in kB', () => {
    expect(parseSmapsRollup(ROLLUP)).toEqual({ pss: 12_345 * 1024, rss: 46_780 * 1024 });
  });

  test.each(['', 'Rss: 1 kB\n', 'Rss: one kB\nPss: two kB\n'])('%j has no sums', (text) => {
    expect(parseSmapsRollup(text)).toBeUndefined();
  });

  test('the parent stands behind the name, which may hold anything', () => {
    expect(parentOf('42 (a) b) S) S 7 42 42 0')).toBe(7);
  });

  test('a process that has ended has no row; this one has', () => {
    const rows = measureMemory(new Map([['ended', 2 ** 22 + 1]]));
    const names = rows?.map(({ name }) => name);
    expect(names).not.toContain('ended');
    if (process.platform === 'linux') expect(names).toContain('main');
  });
});
