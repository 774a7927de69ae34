/** Acceptance rules: a change within a rule is confirmed at its approval, and no other one. */
import { ConsoleFixture, FIRST_ADMIN } from '../../../../test/support/console-fixture.js';
import { RULE_KINDS } from './acceptance-rules.js';
import type { ChangeView } from './changes.js';

const reason = 'a test';
let console: ConsoleFixture;
let serial = 0;

beforeAll(async () => {
  console = await ConsoleFixture.of(['xmpp', 'matrix', 'fetion'], () => new Date('2026-06-01T12:00:00Z'));
});
afterAll(() => console?.close(), 60_000);

const operatorOf = (network: string) => console.operators[network] ?? '';
const call = <T = Record<string, unknown>>(key: string, method: string, path: string, body?: object) =>
  console.call<T>(key, method, path, body);
const shown = async (id: string) => (await call<ChangeView>(FIRST_ADMIN, 'GET', `/v1/changes/${id}`)).body;

/** A tariff that the first admin proposed and the second approved. @returns the id of the change */
async function approvedTariff(from: string, to: string): Promise<string> {
  const terms = {
    from,
    to,
    class: 'message',
    validFrom: new Date(Date.UTC(2027, 0, 1 + ++serial)).toISOString(),
    terminationFee: '0.03',
    switchFee: '0.001',
  };
  const proposed = await call<ChangeView>(FIRST_ADMIN, 'POST', '/v1/tariffs', { terms, reason });
  expect(proposed).toMatchObject({ status: 202, body: { state: 'proposed' } });
  expect((await console.approve(proposed.body.id)).status).toBe(200);
  return proposed.body.id;
}

describe('a standing rule', () => {
  const terms = {
    kinds: ['agreement.add', 'tariff.add'],
    counterparts: ['matrix'],
    classes: ['message'],
    maxTerminationFee: '0.05',
    maxSwitchFee: '0.001',
  };
  const set = (key: string, wanted: object = terms) =>
    call<{ id: string }>(key, 'POST', '/v1/acceptance-rules', { terms: wanted, reason });

  test('confirms what lies within it, with its id, and nothing else', async () => {
    const { body: rule } = await set(operatorOf('xmpp'));
    const within = await approvedTariff('xmpp', 'matrix');
    expect((await shown(within)).confirmations).toMatchObject([
      { network: 'matrix', state: 'awaited' },
      { network: 'xmpp', state: 'confirmed', rule: rule.id, confirmedBy: null },
    ]);
    const other = await approvedTariff('xmpp', 'fetion');
    expect((await shown(other)).confirmations.map(({ state }) => state)).toEqual(['awaited', 'awaited']);
    const [entry] = await console.sql<{ actor: string }>(
      "SELECT actor FROM audit WHERE action = 'tariff.add confirmed' AND change ->> 'id' = $1",
      [within],
    );
    expect(entry?.actor).toBe('hub');

    await call(operatorOf('xmpp'), 'POST', `/v1/acceptance-rules/${rule.id}/withdraw`, { reason });
    const after = await approvedTariff('xmpp', 'matrix');
    expect((await shown(after)).confirmations.map(({ state }) => state)).toEqual(['awaited', 'awaited']);
    expect((await shown(within)).confirmations[1]).toMatchObject({ state: 'confirmed' });
  });

  test('is set and withdrawn by the operator of its network only', async () => {
    const { body: rule } = await set(operatorOf('xmpp'));
    for (const key of [FIRST_ADMIN, console.auditor]) expect((await set(key)).status).toBe(403);
    const path = `/v1/acceptance-rules/${rule.id}/withdraw`;
    expect((await call(operatorOf('matrix'), 'POST', path, { reason })).status).toBe(404);
    expect((await call(FIRST_ADMIN, 'POST', path, { reason })).status).toBe(403);
    const { body } = await call<{ items: { id: string }[] }>(
      operatorOf('matrix'),
      'GET',
      '/v1/acceptance-rules',
    );
    expect(body.items).toEqual([]);
    expect((await call(operatorOf('xmpp'), 'POST', path, { reason })).status).toBe(200);
  });

  test('about tariffs names both fees', async () => {
    const { maxSwitchFee: _, ...open } = terms;
    expect((await set(operatorOf('xmpp'), open)).status).toBe(400);
    expect(RULE_KINDS).toContain('tariff.add');
  });
});
