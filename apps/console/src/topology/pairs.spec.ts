import type { AgreementColumns } from '../exchange/agreements.repository.js';
import { edgesOf, ruleOf } from './pairs.js';

const NOW = new Date('2026-03-01T10:00:00Z');
const networks = new Set(['fetion', 'wechat', 'xmpp']);

test('messages and failures of a pair are one edge, the busiest pair is first', () => {
  const sentOn = [
    { from: 'fetion', to: 'wechat', count: 3 },
    { from: 'wechat', to: 'fetion', count: 7 },
  ];
  const failed = [
    { from: 'fetion', to: 'wechat', count: 1 },
    { from: 'xmpp', to: 'wechat', count: 2 },
  ];
  expect(edgesOf({ sentOn, failed }, networks)).toEqual([
    { from: 'wechat', to: 'fetion', messages: 7, failed: 0 },
    { from: 'fetion', to: 'wechat', messages: 3, failed: 1 },
    { from: 'xmpp', to: 'wechat', messages: 0, failed: 2 },
  ]);
});

test('what went to nobody, or to a network that has left, is no edge', () => {
  const failed = [
    { from: 'fetion', to: 'gone', count: 1 },
    { from: 'fetion', to: '', count: 1 },
    { from: 'fetion', to: 'fetion', count: 1 },
    { from: 'fetion', to: 'xmpp', count: 1 },
  ];
  expect(edgesOf({ sentOn: [], failed }, networks).map(({ to }) => to)).toEqual(['xmpp']);
});

describe('the agreement of a pair', () => {
  const row = (id: string, from: string, to: string, validTo?: string): AgreementColumns => ({
    id,
    from_network: from,
    to_network: to,
    classes: ['message'],
    limits: null,
    valid_from: new Date('2026-01-01T00:00:00Z'),
    valid_to: validTo === undefined ? null : new Date(validTo),
    version: 1,
  });
  const pair = { from: 'fetion', to: 'wechat' };

  test('its own one takes precedence over the one for all networks', () => {
    const rows = [row('all', '*', '*'), row('own', 'fetion', 'wechat')];
    expect(ruleOf(rows, { phase: 'mesh' }, pair, NOW).agreement?.id).toBe('own');
  });

  test('one that has ended does not count', () => {
    const rows = [row('own', 'fetion', 'wechat', '2026-02-01T00:00:00Z')];
    expect(ruleOf(rows, { phase: 'mesh' }, pair, NOW)).toEqual({
      agreement: null,
      refusal: expect.stringContaining('no agreement from fetion to wechat') as string,
    });
  });
});
