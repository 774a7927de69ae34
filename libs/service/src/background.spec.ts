import { pino } from 'pino';
import { guarded, runInBackground, tolerate } from './background.js';
import { metricsRegistry } from './metrics.js';

const lines: { task?: string; msg: string }[] = [];
const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(JSON.parse(line) as never) });

async function failuresOf(task: string): Promise<number> {
  const metric = await metricsRegistry.getSingleMetric('hutong_background_failures_total')?.get();
  return metric?.values.find(({ labels }) => labels['task'] === task)?.value ?? 0;
}

beforeEach(() => lines.splice(0));

describe('background work', () => {
  it.each([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    ['rejects', () => Promise.reject(new Error('broken'))],
  ] as const)('that %s is logged and counted, and the caller goes on', async (how, work) => {
    runInBackground(how, log, work);
    await new Promise(setImmediate);
    expect(lines).toEqual([expect.objectContaining({ task: how, msg: `background task failed: ${how}` })]);
    expect(await failuresOf(how)).toBe(1);
  });

  it('passes arguments to a guarded callback, call after call', () => {
    const seen: number[] = [];
    const callback = guarded('callback', log, (number: number) => {
      seen.push(number);
      if (number === 1) throw new Error('first');
    });
    callback(1);
    callback(2);
    expect(seen).toEqual([1, 2]);
    expect(lines).toHaveLength(1);
  });

  it('gives the result of tolerated work, or undefined', async () => {
    expect(await tolerate('sum', log, () => 3)).toBe(3);
    expect(await tolerate('sum', log, () => Promise.reject(new Error('no')))).toBeUndefined();
    expect(lines).toHaveLength(1);
  });
});
