/** An adapter logs events of its network that failed, as the replies to its heartbeats name them. */
import { network, type EventFailures } from '#protocol';
import { metricsRegistry, type Log } from '#service';
import { EventFailureLog } from './event-failures.js';

const north = network('north');

function heard() {
  const lines: object[] = [];
  const log = { warn: (fields: object, text: string) => void lines.push({ ...fields, text }) };
  return { lines, failures: new EventFailureLog(north, log as unknown as Log) };
}

function reply(refused: number, { since = '12:00', at = '12:01', deadLettered = 0 } = {}): EventFailures {
  const last = { code: '30' as const, text: 'subject: expected a, got b', event: 'e'.repeat(27), at };
  const counted = (count: number) => (count === 0 ? { count } : { count, last });
  return { since, refused: counted(refused), deadLettered: counted(deadLettered) };
}

async function metric(kind: string): Promise<number | undefined> {
  const found = await metricsRegistry.getSingleMetric('hutong_adapter_failed_events')?.get();
  return found?.values.find(({ labels }) => labels['network'] === north && labels['kind'] === kind)?.value;
}

test('a count that grows is logged once, with the last reason', () => {
  const { lines, failures } = heard();
  for (const count of [0, 2, 2]) failures.read(reply(count));
  expect(lines).toEqual([
    {
      text: 'the hub refused events of this network',
      count: 2,
      since: '12:00',
      code: '30',
      reason: 'subject: expected a, got b',
      event: 'e'.repeat(27),
      at: '12:01',
    },
  ]);
  failures.read(reply(3, { deadLettered: 1 }));
  expect(lines.slice(1)).toMatchObject([
    { text: 'the hub refused events of this network', count: 3 },
    { text: 'events of this network became dead letters', count: 1 },
  ]);
});

test('counts that were there at the sign-on are logged: they are of another instance', () => {
  const { lines, failures } = heard();
  failures.read(reply(4));
  expect(lines).toHaveLength(1);
});

test('the counts of another console say something new only if their last failure is younger', () => {
  const { lines, failures } = heard();
  failures.read(reply(5));
  failures.read(reply(1, { since: '12:02' }));
  expect(lines).toHaveLength(1);
  failures.read(reply(5));
  failures.read(reply(2, { since: '12:02', at: '12:03' }));
  expect(lines).toHaveLength(2);
});

test('the counts are metrics', async () => {
  heard().failures.read(reply(3, { deadLettered: 2 }));
  expect([await metric('refused'), await metric('dead-lettered')]).toEqual([3, 2]);
});
