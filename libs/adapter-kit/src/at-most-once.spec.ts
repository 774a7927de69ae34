import { HubError } from '#protocol';
import { silentLog } from '#service';
import type { Reconciled } from './abilities.contract.js';
import type { Delivered } from './delivered.contract.js';
import { sendAtMostOnce, type MarkMemory } from './at-most-once.js';

function aMemory(kept = new Map<string, unknown>()): MarkMemory {
  const put = (key: string, value: unknown) => Promise.resolve(void kept.set(key, value));
  return {
    put,
    putFirst: async (key, value) => !kept.has(key) && (await put(key, value), true),
    async change(key, work) {
      const next = await work(kept.get(key));
      if (next !== undefined) await put(key, next);
    },
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
    const failing: MarkMemory = { ...memory, put: () => Promise.reject(new HubError('91', 'no bus')) };
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

describe('a process that stood still goes on with a message that another one has taken over', () => {
  const taken: Delivered = { native: ['1'] };

  /** @returns memories of two processes, and how often the network got the message */
  function twoProcesses() {
    const kept = new Map<string, unknown>();
    let sent = 0;
    const send = () => Promise.resolve((sent++, taken));
    return { stopped: aMemory(kept), other: aMemory(kept), send, sent: () => sent };
  }

  test('it does not send what the other one has sent; if the message comes again, it counts as delivered', async () => {
    const { stopped, other, send, sent } = twoProcesses();
    await sendAtMostOnce(other, silentLog, 'm', send, true);
    const goesOn = sendAtMostOnce(stopped, silentLog, 'm', send, false);
    await expect(goesOn).rejects.toMatchObject({ code: '91' });
    await expect(sendAtMostOnce(stopped, silentLog, 'm', send, true)).resolves.toEqual(taken);
    expect(sent()).toBe(1);
  });

  test('it does not report as unknown what the other one is sending', async () => {
    const { stopped, other, send, sent } = twoProcesses();
    void sendAtMostOnce(other, silentLog, 'm', () => new Promise(() => undefined), true);
    await new Promise((resolve) => setImmediate(resolve));
    const goesOn = sendAtMostOnce(stopped, silentLog, 'm', send, false);
    await expect(goesOn).rejects.toMatchObject({ code: '91' });
    expect(sent()).toBe(0);
  });

  test('it may send what the network refused to the other one', async () => {
    const { stopped, other, send, sent } = twoProcesses();
    const busy = () => Promise.reject(new HubError('65', 'busy'));
    await expect(sendAtMostOnce(other, silentLog, 'm', busy, true)).rejects.toMatchObject({ code: '65' });
    await expect(sendAtMostOnce(stopped, silentLog, 'm', send, false)).resolves.toEqual(taken);
    expect(sent()).toBe(1);
  });

  test('its own mark, stored without an answer of the bus, is not in its way', async () => {
    const { stopped, send, sent } = twoProcesses();
    const answerLost: MarkMemory = {
      ...stopped,
      putFirst: (key, value) => stopped.putFirst(key, value).then(() => false),
    };
    await expect(sendAtMostOnce(answerLost, silentLog, 'm', send, false)).resolves.toEqual(taken);
    expect(sent()).toBe(1);
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
