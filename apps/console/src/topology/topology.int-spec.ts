/** The topology says who talks to whom; an operator sees their own pairs. Real PostgreSQL and bus. */
import { levels } from '#protocol';
import { ConsoleFixture, FIRST_ADMIN } from '../../../../test/support/console-fixture.js';
import type { TopologyPair, TopologyView } from './topology.dto.js';

const NOW = new Date('2026-03-01T10:00:30.000Z');
let house: ConsoleFixture;

beforeAll(async () => {
  house = await ConsoleFixture.open(() => NOW);
  for (const slug of ['south', 'east'])
    await house.call(FIRST_ADMIN, 'POST', '/v1/networks', { network: slug, name: slug });
  await house.sql(`UPDATE network SET status = 'live'`);
  await house.sql(`UPDATE network SET status = 'suspended' WHERE slug = 'east'`);
  await ended('xmpp', 'matrix', 'delivered', '00');
  await ended('xmpp', 'matrix', 'delivered', '00');
  await ended('xmpp', 'matrix', 'failed', '91');
  await ended('matrix', 'south', 'delivered', '00');
  await ended('south', 'xmpp', 'failed', '57', { atSwitch: true });
  await ended('xmpp', 'east', 'failed', '57', { atSwitch: true });
  await ended('xmpp', 'matrix', 'delivered', '00', { secondsAgo: 7200 });
  await ended('xmpp', 'matrix', 'failed', '14', { secondsAgo: 7200 });
  await house.sql(`INSERT INTO delivered_tally (network, towards, hour, delivered) VALUES
    ('xmpp', 'matrix', '2026-03-01T08:00:00Z', 500), ('matrix', 'south', '2026-03-01T08:00:00Z', 7)`);
  await agreement('xmpp', 'matrix');
});
afterAll(() => house?.close(), 60_000);

let records = 0;
const ended = (
  from: string,
  to: string,
  outcome: string,
  code: string,
  { secondsAgo = 20, atSwitch = false } = {},
) =>
  house.sql(
    `INSERT INTO detail_record (reference, from_network, to_network, from_party, to_party, outcome, code, ended_at, at_switch)
     VALUES ($1, $2, $3, 'x', 'y', $4, $5, $6, $7)`,
    [`r${records++}`, from, to, outcome, code, new Date(NOW.getTime() - secondsAgo * 1000), atSwitch],
  );

const agreement = (from: string, to: string) =>
  house.sql(
    `INSERT INTO agreement (id, from_network, to_network, classes, valid_from, created_at)
     VALUES (gen_random_uuid(), $1, $2, '{message}', '2026-01-01', now())`,
    [from, to],
  );

const topology = async (range: string, key = FIRST_ADMIN) =>
  (await house.call<TopologyView>(key, 'GET', `/v1/topology?range=${range}`)).body;
const pairOf = (from: string, to: string, key = FIRST_ADMIN) =>
  house.call<TopologyPair>(key, 'GET', `/v1/topology/${from}/${to}?range=hour`);

test('the last hour: messages and failures of each pair, health of each network', async () => {
  const { nodes, edges, more } = await topology('hour');
  expect(nodes).toEqual([
    { network: 'east', state: 'suspended' },
    { network: 'matrix', state: 'unavailable' },
    { network: 'south', state: 'unavailable' },
    { network: 'xmpp', state: 'unavailable' },
  ]);
  expect(edges).toEqual([
    { from: 'xmpp', to: 'matrix', messages: 3, failed: 1 },
    { from: 'matrix', to: 'south', messages: 1, failed: 0 },
    { from: 'south', to: 'xmpp', messages: 0, failed: 1 },
    { from: 'xmpp', to: 'east', messages: 0, failed: 1 },
  ]);
  expect(more).toBe(false);
});

test('days come from the hourly tally', async () => {
  const { edges } = await topology('day');
  expect(edges.slice(0, 2)).toEqual([
    { from: 'xmpp', to: 'matrix', messages: 500, failed: 2 },
    { from: 'matrix', to: 'south', messages: 7, failed: 0 },
  ]);
});

test('an operator sees the pairs of their network, and not what the switch ended on the way to it', async () => {
  const { nodes, edges } = await topology('hour', house.keys.operator);
  expect(edges.map(({ from, to }) => `${from} ${to}`)).toEqual(['xmpp matrix', 'xmpp east']);
  expect(nodes.map(({ network }) => network)).toEqual(['east', 'matrix', 'xmpp']);
});

describe('a pair', () => {
  test('has traffic, failures by code and the agreement in force', async () => {
    const { body } = await pairOf('xmpp', 'matrix');
    expect(body).toMatchObject({
      messages: 3,
      failed: 1,
      failedByCode: [{ code: '91', messages: 1 }],
      agreement: { from: 'xmpp', to: 'matrix', classes: ['message'] },
      refusal: null,
      tariffs: [],
      arrivals: [],
    });
  });

  test('without an agreement says what is missing', async () => {
    const { body } = await pairOf('matrix', 'south');
    expect(body.agreement).toBeNull();
    expect(body.refusal).toContain('no agreement from matrix to south');
  });

  test('has the newest tariff in force of each class; its own takes precedence over one for all', async () => {
    const tariff = (from: string, to: string, since: string, fee: number) =>
      house.sql(
        `INSERT INTO tariff (id, from_network, to_network, class, valid_from, termination_fee, switch_fee, created_at)
         VALUES (gen_random_uuid(), $1, $2, 'message', $3, $4, 0, now())`,
        [from, to, since, fee],
      );
    await tariff('*', '*', '2026-02-20', 90_000);
    await tariff('xmpp', 'matrix', '2026-01-01', 10_000);
    await tariff('xmpp', 'matrix', '2026-02-01', 20_000);
    await tariff('xmpp', 'matrix', '2026-04-01', 30_000);
    const { body } = await pairOf('xmpp', 'matrix');
    expect(body.tariffs.map(({ class: name, terminationFee }) => [name, terminationFee])).toEqual([
      ['message', '0.02'],
    ]);
  });

  test('says what arrives as what', async () => {
    const capabilities = (features: object) =>
      JSON.stringify({ version: '1', language: 'en', features, limits: {} });
    await house.sql(`UPDATE network SET capabilities = $1 WHERE slug = 'xmpp'`, [capabilities(levels(2))]);
    await house.sql(`UPDATE network SET capabilities = $1 WHERE slug = 'matrix'`, [
      capabilities(levels(2, { reaction: 0, edit: -2, typing: 0 })),
    ]);
    const { arrivals } = (await pairOf('xmpp', 'matrix')).body;
    const forms = new Map(arrivals.map(({ feature, form, words }) => [feature, [form, words]]));
    expect([forms.get('text'), forms.get('reaction'), forms.get('edit'), forms.get('typing')]).toEqual([
      ['unchanged', null],
      ['words', '(reacted 👍)'],
      ['refused', null],
      ['not-shown', null],
    ]);
  });

  test('of others is answered like one that does not exist', async () => {
    const answers = await Promise.all(
      [
        ['matrix', 'south'],
        ['matrix', 'nowhere'],
        ['xmpp', 'nowhere'],
        ['xmpp', 'xmpp'],
      ].map(async ([from = '', to = '']) => {
        const { status, body } = await pairOf(from, to, house.keys.operator);
        return [status, (body as unknown as { detail: string }).detail];
      }),
    );
    expect(answers).toEqual([
      [404, 'no pair matrix south'],
      [404, 'no pair matrix nowhere'],
      [404, 'no pair xmpp nowhere'],
      [404, 'no pair xmpp xmpp'],
    ]);
  });

  test('with a network that an operator has nothing to do with does not exist for them', async () => {
    expect((await pairOf('xmpp', 'south', house.keys.operator)).status).toBe(404);
    expect((await pairOf('xmpp', 'south')).status).toBe(200);
    expect((await pairOf('xmpp', 'matrix', house.keys.operator)).status).toBe(200);
  });
});
