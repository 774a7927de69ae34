import { EventEmitter } from 'node:events';
import { pino } from 'pino';
import { metricsRegistry } from './metrics.js';
import { catchUnhandled } from './process.js';

const lines: { level: number; reason?: string; msg: string }[] = [];
const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line) as never) });
const FATAL = 60;

async function countOf(task: string): Promise<number> {
  const metric = await metricsRegistry.getSingleMetric('hutong_background_failures_total')?.get();
  return metric?.values.find(({ labels }) => labels['task'] === task)?.value ?? 0;
}

describe('the net below a process', () => {
  beforeEach(() => lines.splice(0));

  test.each([
    ['unhandledRejection', 'unhandled rejection', 'unhandled rejection: a fault of the program'],
    ['uncaughtExceptionMonitor', 'uncaught exception', 'uncaught exception: the process ends'],
  ])('%s is logged as fatal, and counted', async (event, task, words) => {
    const node = new EventEmitter();
    catchUnhandled(() => log, node as never);
    const before = await countOf(task);
    node.emit(event, new Error('nobody saw it'));
    expect(lines).toEqual([expect.objectContaining({ level: FATAL, reason: 'nobody saw it', msg: words })]);
    expect(await countOf(task)).toBe(before + 1);
  });

  test('what was thrown need not be an error', () => {
    const node = new EventEmitter();
    catchUnhandled(() => log, node as never);
    node.emit('unhandledRejection', undefined);
    expect(lines).toHaveLength(1);
  });
});
