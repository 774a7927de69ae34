import { network, type StandIn } from '#protocol';
import { context, message, receipt, registryOf, typing } from '../../../../test/support/switch-events.js';
import type { StepContext } from './step.js';
import { standIn } from './stand-in.js';

const [xmpp, matrix] = [network('xmpp'), network('matrix')];
const since = '2026-11-22T11:00:00.000Z';

function away(policy: StandIn | undefined, waiting = 0): StepContext {
  const members = [
    { network: xmpp, name: 'xmpp', status: 'live' as const },
    { network: matrix, name: 'matrix', status: 'live' as const, ...(policy ? { standIn: policy } : {}) },
  ];
  return context({
    registry: registryOf(members),
    absences: {
      of: (which) => (which === matrix ? { reason: 'SIGNED_OFF', since } : undefined),
      waiting: () => waiting,
    },
  });
}

describe('stand-in for a network that is away', () => {
  test('for one that is there nothing is stored; but nothing waits for ever, should it go', () => {
    const passed = { ...message(), expirytime: '2026-11-24T12:00:00.000Z' };
    expect(standIn(message(), context())).toEqual({ verdict: 'pass', event: passed });
    const soon = message({ expirytime: '2026-11-22T13:00:00Z' });
    expect(standIn(soon, context())).toEqual({ verdict: 'pass', event: soon });
  });

  test('a message is kept for the hours of the policy, and it is said why and how long', () => {
    expect(standIn(message(), away({ hours: 2, messages: 10 }))).toMatchObject({
      verdict: 'pass',
      event: { expirytime: '2026-11-22T14:00:00.000Z' },
      storedBecause: `matrix is away: SIGNED_OFF since ${since}; kept until 2026-11-22T14:00:00.000Z`,
    });
  });

  test('without a policy it is 48 hours', () => {
    expect(standIn(message(), away(undefined))).toMatchObject({
      event: { expirytime: '2026-11-24T12:00:00.000Z' },
    });
  });

  test('never longer than the message itself wants', () => {
    const soon = message({ expirytime: '2026-11-22T13:00:00Z' });
    expect(standIn(soon, away(undefined))).toMatchObject({ event: { expirytime: '2026-11-22T13:00:00Z' } });
  });

  test('a policy of no hours keeps nothing', () => {
    expect(standIn(message(), away({ hours: 0, messages: 10 }))).toMatchObject({
      verdict: 'end',
      code: '91',
      detail: expect.stringContaining('nothing is kept') as string,
    });
  });

  test('only of the classes in the policy; a receipt has no class, and is stored with the messages', () => {
    const contacts = away({ hours: 2, messages: 10, classes: ['contact'] });
    expect(standIn(message(), contacts)).toMatchObject({
      verdict: 'end',
      code: '91',
      detail: expect.stringContaining('no message is kept') as string,
    });
    expect(standIn(receipt(), contacts)).toMatchObject({ verdict: 'pass' });
    expect(standIn(message(), away({ hours: 2, messages: 10, classes: ['message'] }))).toMatchObject({
      verdict: 'pass',
    });
  });

  test('as many as the policy says, and not one more', () => {
    expect(standIn(message(), away({ hours: 2, messages: 10 }, 9))).toMatchObject({ verdict: 'pass' });
    expect(standIn(message(), away({ hours: 2, messages: 10 }, 10))).toMatchObject({
      verdict: 'end',
      code: '91',
      detail: expect.stringContaining('10 messages wait') as string,
    });
  });

  test('a receipt is stored, and nobody is notified of that', () => {
    const outcome = standIn(receipt(), away(undefined));
    expect(outcome).toMatchObject({ verdict: 'pass', event: { expirytime: expect.any(String) as string } });
    expect(outcome).not.toMatchObject({ storedBecause: expect.any(String) as string });
  });

  test('typing is never kept', () => {
    expect(standIn(typing(), away(undefined))).toMatchObject({ verdict: 'end', code: '91' });
  });

  test('a message is marked as one that may wait for a reply window, where the policy says so, and nowhere else', () => {
    const policy = { hours: 2, messages: 10, closedWindow: 'when-window-opens' as const };
    const members = [{ network: matrix, name: 'matrix', status: 'live' as const, standIn: policy }];
    const there = context({ registry: registryOf(members) });
    for (const one of [there, away(policy)])
      expect(standIn(message(), one)).toMatchObject({ event: { standin: 'when-window-opens' } });
    expect(standIn(receipt(), there)).not.toMatchObject({ event: { standin: expect.anything() as string } });
    const forged = message({ standin: 'when-window-opens' });
    expect(standIn(forged, context())).not.toMatchObject({ event: { standin: expect.anything() as string } });
  });
});
