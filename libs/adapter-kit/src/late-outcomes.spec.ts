import { addressOf, network, type EventId, type Outcome } from '#protocol';
import { LateOutcomes } from './late-outcomes.js';

const here = network('matrix');
const far = network('far');
const id = 'A'.repeat(27) as EventId;
const event = { id, author: far };

const stored: Outcome = {
  event: id,
  conversation: 'c' as Outcome['conversation'],
  kind: 'message',
  stage: 'adapter',
  outcome: 'stored',
  code: '08',
  from: { address: addressOf(far, 'sue') },
  to: addressOf(here, '@ann:here'),
  native: ['$1'],
  requestDelivered: true,
  at: '2026-11-28T10:00:00.000Z',
};

describe('an outcome that comes late', () => {
  let memory: Map<string, string>;
  let reported: Outcome[];
  let outcomes: LateOutcomes;

  /** A process of the adapter; what is stored outlives it. */
  function process() {
    return new LateOutcomes(
      here,
      {
        put: async (key, value) => void memory.set(key, JSON.stringify(value)),
        get: async (key) => JSON.parse(memory.get(key) ?? 'null') as unknown,
      },
      {
        publish: async (_subject, data) => {
          reported.push(JSON.parse(String(data)) as Outcome);
          return { seq: reported.length, duplicate: false };
        },
      },
    );
  }
  const told = () => reported.map(({ outcome, code }) => `${outcome} ${code}`);

  beforeEach(() => {
    memory = new Map();
    reported = [];
    outcomes = process();
  });

  test('is stored first, then delivered, with all that was said of the event', async () => {
    await outcomes.stored(stored);
    await outcomes.end(event, { outcome: 'delivered' });
    expect(told()).toEqual(['stored 08', 'delivered 00']);
    expect(reported[1]).toMatchObject({ event: id, native: ['$1'], requestDelivered: true, to: stored.to });
  });

  test('is stored first, then failed, with the reason', async () => {
    await outcomes.stored(stored);
    await outcomes.end(event, { outcome: 'failed', code: '40', detail: 'declined' });
    expect(told()).toEqual(['stored 08', 'failed 40']);
    expect(reported[1]?.detail).toBe('declined');
  });

  test('is reported once, however often the network reports it', async () => {
    await outcomes.stored(stored);
    await outcomes.end(event, { outcome: 'delivered' });
    await outcomes.end(event, { outcome: 'failed', code: '40', detail: 'declined' });
    expect(told()).toEqual(['stored 08', 'delivered 00']);
  });

  test('is not lost when the network reports the result before the delivery is recorded', async () => {
    await Promise.all([outcomes.end(event, { outcome: 'delivered' }), outcomes.stored(stored)]);
    expect(told()).toEqual(['delivered 00']);
  });

  test('survives a restart between the two', async () => {
    await outcomes.stored(stored);
    await process().end(event, { outcome: 'delivered' });
    expect(told()).toEqual(['stored 08', 'delivered 00']);
  });

  test('of another network with the same id is another outcome', async () => {
    await outcomes.stored(stored);
    await outcomes.end({ id, author: network('other') }, { outcome: 'delivered' });
    expect(told()).toEqual(['stored 08']);
  });
});
