import { HubError } from '#protocol';
import { silentLog } from '#service';
import type { Reconciled } from './abilities.contract.js';
import type { Delivered } from './delivered.contract.js';
import type { Memory } from './memory.contract.js';
import { sendAtMostOnce } from './at-most-once.js';

type Marks = Pick<Memory, 'get' | 'put'>;

function aMemory(): Marks {
  const kept = new Map<string, unknown>();
  return {
    put: (key, value) => Promise.resolve(void kept.set(key, value)),
    get: (key) => Promise.resolve(kept.get(key)),
  };
}

describe('a network that would take the same message twice', () => {
  const taken: Delivered = { native: ['1'] };

  test('an accepted message is not sent again, and counts as delivered', async () => {
    const memory = aMemory();
    let sent = 0;
    const send = () => Promise.resolve((sent++, taken));
    await sendAtMostOnce(memory, silentLog, 'm', send);
    await expect(sendAtMostOnce(memory, silentLog, 'm', send)).resolves.toEqual(taken);
    expect(sent).toBe(1);
  });

  test('an attempt that was cut off ends as unknown, and is not made again', async () => {
    const memory = aMemory();
    void sendAtMostOnce(memory, silentLog, 'm', () => new Promise(() => undefined));
    await new Promise((resolve) => setImmediate(resolve));
    let again = 0;
    const send = () => Promise.resolve((again++, taken));
    await expect(sendAtMostOnce(memory, silentLog, 'm', send)).rejects.toMatchObject({ code: '103' });
    expect(again).toBe(0);
  });

  test('no answer is unknown for good', async () => {
    const memory = aMemory();
    const silent = () => Promise.reject(new HubError('103', 'no answer'));
    await expect(sendAtMostOnce(memory, silentLog, 'm', silent)).rejects.toMatchObject({ code: '103' });
    await expect(sendAtMostOnce(memory, silentLog, 'm', () => Promise.resolve(taken))).rejects.toMatchObject({
      code: '103',
    });
  });

  test('an accepted message is not sent again, although the acceptance could not be stored', async () => {
    const memory = aMemory();
    let puts = 0;
    const failing: Marks = {
      ...memory,
      put: (key, value) =>
        ++puts === 2 ? Promise.reject(new HubError('91', 'no bus')) : memory.put(key, value),
    };
    let sent = 0;
    const send = () => Promise.resolve((sent++, taken));
    await expect(sendAtMostOnce(failing, silentLog, 'm', send)).resolves.toEqual(taken);
    await expect(sendAtMostOnce(failing, silentLog, 'm', send)).rejects.toMatchObject({ code: '103' });
    expect(sent).toBe(1);
  });

  test('a refused message may be sent again', async () => {
    const memory = aMemory();
    const busy = () => Promise.reject(new HubError('65', 'busy'));
    await expect(sendAtMostOnce(memory, silentLog, 'm', busy)).rejects.toMatchObject({ code: '65' });
    await expect(sendAtMostOnce(memory, silentLog, 'm', () => Promise.resolve(taken))).resolves.toEqual(
      taken,
    );
  });
});

describe('an attempt that was cut off, on a network that can be asked', () => {
  const taken: Delivered = { native: ['1'] };

  /** @returns what becomes of the second attempt, and how often the network got the message after the first */
  async function afterACut(answer: Reconciled | HubError) {
    const memory = aMemory();
    void sendAtMostOnce(memory, silentLog, 'm', () => new Promise(() => undefined));
    await new Promise((resolve) => setImmediate(resolve));
    let again = 0;
    const reconcile = () => (answer instanceof HubError ? Promise.reject(answer) : Promise.resolve(answer));
    const send = () => Promise.resolve((again++, taken));
    const attempt = () => sendAtMostOnce(memory, silentLog, 'm', send, true, reconcile);
    return { attempt, sent: () => again };
  }

  test('it is delivered, with the ids that the network names', async () => {
    const { attempt, sent } = await afterACut({ found: 'sent', delivered: { native: ['found'] } });
    await expect(attempt()).resolves.toEqual({ native: ['found'] });
    await expect(attempt()).resolves.toEqual({ native: ['found'] });
    expect(sent()).toBe(0);
  });

  test('it is sent again when the network does not have it', async () => {
    const { attempt, sent } = await afterACut({ found: 'not-sent' });
    await expect(attempt()).resolves.toEqual(taken);
    expect(sent()).toBe(1);
  });

  test('it stays unknown when the network does not know either', async () => {
    const { attempt, sent } = await afterACut({ found: 'unknown' });
    await expect(attempt()).rejects.toMatchObject({ code: '103' });
    expect(sent()).toBe(0);
  });

  test('it is asked about again when the network does not answer', async () => {
    const { attempt, sent } = await afterACut(new HubError('91', 'away'));
    await expect(attempt()).rejects.toMatchObject({ code: '91' });
    expect(sent()).toBe(0);
  });

  test.each<[string, Reconciled, object]>([
    [
      'counts as delivered when the network has it',
      { found: 'sent', delivered: { native: ['found'] } },
      { native: ['found'] },
    ],
    ['is sent again when the network does not have it', { found: 'not-sent' }, { code: '91' }],
    ['stays unknown when the network cannot say', { found: 'unknown' }, { code: '103' }],
  ])('a message without an answer %s', async (_, answer, outcome) => {
    const memory = aMemory();
    const silent = () => Promise.reject(new HubError('103', 'no answer'));
    const reconcile = () => Promise.resolve(answer);
    const first = sendAtMostOnce(memory, silentLog, 'm', silent, false, reconcile);
    await expect(first.catch((error: unknown) => error)).resolves.toMatchObject(outcome);
    const again = sendAtMostOnce(memory, silentLog, 'm', () => Promise.resolve(taken), true, reconcile);
    const next = answer.found === 'not-sent' ? taken : outcome;
    await expect(again.catch((error: unknown) => error)).resolves.toMatchObject(next);
  });
});
