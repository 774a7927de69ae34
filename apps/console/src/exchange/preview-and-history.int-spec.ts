/** What a change would have done to the traffic of the last day, and what earlier changes did to the terms. */
import { ConsoleFixture, FIRST_ADMIN } from '../../../../test/support/console-fixture.js';
import type { ChangePreview } from './preview.dto.js';
import type { VersionView } from './versions.js';

let house: ConsoleFixture;
const reason = 'a test';
const SINCE = '2026-01-01T00:00:00Z';
const LATER = '2199-01-01T00:00:00Z';

beforeAll(async () => {
  house = await ConsoleFixture.of(['xmpp', 'matrix', 'fetion', 'yixin']);
  for (const key of Object.values(house.operators)) await house.acceptAll(key);
  await house.sql(
    `INSERT INTO tariff (id, from_network, to_network, class, valid_from, termination_fee, switch_fee, created_at)
     VALUES (gen_random_uuid(), '*', '*', 'message', $1, 50000, 1000, now())`,
    [SINCE],
  );
});
afterAll(() => house?.close(), 60_000);

/** Proposed by one admin and approved by the other; rules of the operators confirm it. @returns the id of the change */
async function agreed(method: string, path: string, body: object): Promise<string> {
  const headers = { 'if-match': (await house.call(FIRST_ADMIN, 'GET', path)).etag ?? '*' };
  const proposed = await house.call<{ id: string }>(FIRST_ADMIN, method, path, { ...body, reason }, headers);
  expect(proposed.status).toBe(202);
  expect(await house.approve(proposed.body.id)).toMatchObject({ status: 200, body: { state: 'applied' } });
  return proposed.body.id;
}
const terms = (from: string, to: string, more: object = {}) => ({
  from,
  to,
  classes: ['message'],
  validFrom: SINCE,
  ...more,
});
const addAgreement = (from: string, to: string) =>
  agreed('POST', '/v1/agreements', { terms: terms(from, to) });

describe('a preview', () => {
  /** Delivered within one minute an hour ago, by three senders. */
  const delivered = (from: string, to: string, count: number, ago = '1 hour', outcome = 'delivered') =>
    house.sql(
      `INSERT INTO detail_record (reference, from_network, to_network, class, units, outcome, code, accepted_at, ended_at, from_party, to_party)
       SELECT gen_random_uuid()::text, $1, $2, 'message', 1, $5, '00', at, at, 'p' || n % 3, 'q'
       FROM generate_series(1, $3::int) n,
         LATERAL (SELECT date_trunc('minute', now() - $4::interval) + n * interval '1 ms' AS at) moment`,
      [from, to, count, ago, outcome],
    );
  const preview = (change: object, key = FIRST_ADMIN) =>
    house.call<ChangePreview>(key, 'POST', '/v1/changes:preview', { change });
  const suspendFetion = { kind: 'network.suspend', network: 'fetion' };
  let open: string;
  let own: string;

  beforeAll(async () => {
    await delivered('xmpp', 'matrix', 1204);
    await delivered('fetion', 'matrix', 7);
    // These do not count: two days ago, and never delivered.
    await delivered('xmpp', 'matrix', 5, '2 days');
    await delivered('xmpp', 'matrix', 3, '1 hour', 'failed');
    open = await addAgreement('*', '*');
    own = await addAgreement('xmpp', 'matrix');
  });

  test('of the end of an agreement: the messages of the last day, with their price', async () => {
    const ended = { kind: 'agreement.end', id: open, version: 1 };
    expect((await preview(ended)).body).toMatchObject({
      counted: 1211,
      stopped: [
        {
          from: 'fetion',
          to: 'matrix',
          class: 'message',
          messages: 7,
          senders: 3,
          fees: { termination: '0.35', switch: '0.007' },
          why: expect.stringMatching(
            /^no agreement from fetion to matrix\. .*POST \/v1\/agreements/,
          ) as string,
        },
      ],
      notes: [],
    });
    // The pair with an agreement of its own falls back to the one for all.
    expect((await preview({ ...ended, id: own })).body).toMatchObject({ counted: 1211, stopped: [] });
  });

  test('of fewer classes, and changes nothing', async () => {
    const narrowed = { ...terms('xmpp', 'matrix'), classes: ['sms'] };
    const change = { kind: 'agreement.replace', id: own, version: 1, terms: narrowed };
    const { body } = await preview(change);
    expect(body.totals).toMatchObject({
      messages: 1204,
      fees: { termination: '60.2', switch: '1.204' },
    });
    const agreement = await house.call(FIRST_ADMIN, 'GET', `/v1/agreements/${own}`);
    expect(agreement.body).toMatchObject({ classes: ['message'], version: 1 });
  });

  test('of a suspension: all traffic of the network', async () => {
    const { body } = await preview(suspendFetion);
    expect(body.stopped.map(({ from, to, messages }) => [from, to, messages])).toEqual([
      ['fetion', 'matrix', 7],
    ]);
    expect((await preview({ ...suspendFetion, network: 'nowhere' })).status).toBe(404);
  });

  test.each([
    [{ perSenderPerMinute: 2 }, 1, 'over the limit of messages a minute of one sender'],
    [{ perSecond: 4 }, 3, 'over the limit of messages a second'],
    [{ newContactsPerDay: 1 }, 0, ''],
  ])('of the limits %j: an upper bound', async (limits, messages, why) => {
    const { body } = await preview({ kind: 'agreement.add', terms: terms('fetion', 'matrix', { limits }) });
    expect(body.stopped).toMatchObject(
      messages === 0 ? [] : [{ from: 'fetion', to: 'matrix', messages, why }],
    );
    expect(body.notes).toEqual(messages === 0 ? [] : ['upper-bound']);
  });

  test('of the tariff of a pair: what its traffic would have cost', async () => {
    const fees = [
      { direction: 'there', class: 'message', terminationFee: '0.1', switchFee: '0.001' },
      { direction: 'back', class: 'message', terminationFee: '0.2', switchFee: '0.001' },
    ];
    const pair = { from: 'xmpp', to: 'matrix', validFrom: LATER, fees };
    expect((await preview({ kind: 'tariff.pair', terms: pair })).body).toMatchObject({
      stopped: [],
      repriced: [
        {
          from: 'xmpp',
          to: 'matrix',
          messages: 1204,
          before: { termination: '60.2', switch: '1.204' },
          after: { termination: '120.4', switch: '1.204' },
        },
      ],
    });
    const past = await preview({ kind: 'tariff.pair', terms: { ...pair, validFrom: SINCE } });
    expect(past).toMatchObject({ status: 400, body: { errors: [{ field: 'terms.validFrom' }] } });
  });

  describe('of a route', () => {
    /** Messages of fetion to telephone numbers, as the trace and clearing have them. */
    const sent = (number: string, to: string, count: number, kind = 'message') =>
      house.sql(
        `WITH message AS (SELECT gen_random_uuid()::text AS id, n FROM generate_series(1, $3::int) n),
           accepted AS (INSERT INTO checkpoint (id, event_id, stage, network, kind, conversation, from_address, to_address, code, at)
             SELECT id || ':0', id, 'accepted', 'fetion', 'message', 'c', 'im:a@fetion', 'tel:+' || $1, '00', now() - interval '1 hour'
             FROM message)
         INSERT INTO detail_record (reference, from_network, to_network, class, units, sms_units, outcome, code, accepted_at, ended_at,
           from_party, to_party)
         SELECT id, 'fetion', $2, $4, 1, 2, 'delivered', '00', now() - interval '1 hour', now() - interval '1 hour', 'p' || n % 3, 'q'
         FROM message`,
        [number, to, count, kind],
      );
    const route = (kind: string, key: string, network: string) => ({ terms: { kind, key, network } });
    const set = (kind: string, key: string, network: string) => ({
      kind: 'route.set',
      ...route(kind, key, network),
    });

    beforeAll(async () => {
      await agreed('POST', '/v1/routes', route('prefix', '8615', 'matrix'));
      await agreed('POST', '/v1/routes', route('sms', '86', 'yixin'));
      await sent('8615000000001', 'matrix', 6);
      await sent('8615100000001', 'matrix', 4);
      // Ported, so that no prefix decides about it.
      await house.sql(
        `INSERT INTO route (kind, key, network, since) VALUES ('exact', '8615000000002', 'yixin', now())`,
      );
      await sent('8615000000002', 'yixin', 2);
    });
    afterAll(() => house.sql(`DELETE FROM detail_record WHERE from_network = 'fetion' AND sms_units = 2`));

    test('to another network: what would have been rerouted, and what it would have cost', async () => {
      await house.sql(
        `INSERT INTO tariff (id, from_network, to_network, class, valid_from, termination_fee, switch_fee, created_at)
         VALUES (gen_random_uuid(), 'fetion', 'xmpp', 'message', $1, 20000, 1000, now())`,
        [SINCE],
      );
      const { body } = await preview(set('prefix', '86150', 'xmpp'));
      expect(body).toMatchObject({
        counted: 8,
        stopped: [],
        rerouted: [
          {
            from: 'fetion',
            to: 'matrix',
            newTo: 'xmpp',
            class: 'message',
            newClass: 'message',
            messages: 6,
            senders: 3,
            before: { termination: '0.3', switch: '0.006' },
            after: { termination: '0.12', switch: '0.006' },
          },
        ],
        totals: { messages: 0, rerouted: 6 },
        notes: ['routes'],
      });
      expect((await preview(set('prefix', '86151', 'matrix'))).body).toMatchObject({
        counted: 4,
        rerouted: [],
      });
    });

    test('to the network of the sender, or without an agreement: what would have been stopped', async () => {
      const home = await preview(set('prefix', '86150', 'fetion'));
      expect(home.body).toMatchObject({
        stopped: [
          { to: 'matrix', messages: 6, fees: { termination: '0.3', switch: '0.006' }, why: /itself/ },
        ].map((row) => ({ ...row, why: expect.stringMatching(row.why) as string })),
        totals: { messages: 6, rerouted: 0 },
      });
      // Without the prefix they would be sent as SMS, for which there is no agreement.
      const removed = await preview({ kind: 'route.remove', ...route('prefix', '8615', 'matrix') });
      expect(removed.body).toMatchObject({
        counted: 12,
        stopped: [{ to: 'matrix', messages: 10, why: expect.stringContaining('yixin') as string }],
      });
    });

    test('as SMS: its segments count', async () => {
      const sms = { ...terms('fetion', 'yixin'), classes: ['sms', 'message'] };
      await agreed('POST', '/v1/agreements', { terms: sms });
      const removed = await preview({ kind: 'route.remove', ...route('prefix', '8615', 'matrix') });
      expect(removed.body).toMatchObject({
        stopped: [],
        rerouted: [{ newTo: 'yixin', class: 'message', newClass: 'sms', units: '10', newUnits: '20' }],
      });
    });

    test('of a ported number that goes back', async () => {
      const { body } = await preview({ kind: 'number.restore', number: '+8615000000002' });
      expect(body).toMatchObject({
        counted: 2,
        rerouted: [{ to: 'yixin', newTo: 'matrix', messages: 2 }],
      });
    });

    test('changes nothing', async () => {
      const { body } = await house.call<{ items: { key: string }[] }>(FIRST_ADMIN, 'GET', '/v1/routes');
      expect(body.items.map(({ key }) => key)).not.toContain('86150');
    });
  });

  test('says that it does not know what it could not count in time', async () => {
    const runner = house.database.createQueryRunner();
    await runner.startTransaction();
    try {
      await runner.query('LOCK TABLE detail_record IN ACCESS EXCLUSIVE MODE');
      expect((await preview(suspendFetion)).body).toMatchObject({
        counted: null,
        stopped: [],
        notes: ['not-counted'],
      });
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
    }
    expect((await preview(suspendFetion)).body.counted).toBe(1211);
  });

  test('shows an operator own traffic only, and nothing about agreements of others', async () => {
    const yixin = house.operators['yixin'];
    const fetion = house.operators['fetion'];
    const ended = { kind: 'agreement.end', id: open, version: 1 };
    expect((await preview(ended, fetion)).body).toMatchObject({ counted: 7, totals: { messages: 7 } });
    expect((await preview(ended, yixin)).body).toMatchObject({ counted: 0, stopped: [] });
    const foreign = await preview({ ...ended, id: own }, fetion);
    const unknown = await preview({ ...ended, id: '00000000-0000-4000-8000-000000000000' }, fetion);
    expect([foreign.status, unknown.status]).toEqual([404, 404]);
    const others = { kind: 'agreement.add', terms: terms('xmpp', 'matrix') };
    for (const change of [others, { kind: 'network.suspend', network: 'xmpp' }])
      expect((await preview(change, fetion)).status).toBe(403);
  });
});

describe('the history', () => {
  const history = async (path: string, key = FIRST_ADMIN) =>
    house.call<{ items: VersionView[]; next: string | null }>(key, 'GET', path);
  const steps = (items: VersionView[]) => items.map(({ kind, differences }) => [kind, differences]);

  test('of an agreement: who proposed, approved and confirmed each version, and what it changed', async () => {
    const id = await addAgreement('xmpp', 'fetion');
    const path = `/v1/agreements/${id}`;
    await agreed('PUT', path, { terms: terms('xmpp', 'fetion', { limits: { perSecond: 5 } }) });
    await agreed('DELETE', path, {});
    const { items } = (await history(`${path}/history`)).body;
    expect(steps(items)).toEqual([
      ['agreement.end', [{ field: 'validTo', before: null, after: items[0]?.at }]],
      ['agreement.replace', [{ field: 'limits.perSecond', before: null, after: '5' }]],
      ['agreement.add', expect.arrayContaining([{ field: 'from', before: null, after: 'xmpp' }])],
    ]);
    expect(items[2]).toMatchObject({
      change: id,
      reason,
      proposer: 'first admin',
      approver: 'second admin',
      confirmedBy: ['fetion', 'xmpp'],
    });
    expect((await history(`${path}/history`, house.operators['fetion'])).body.items).toEqual(items);
    expect((await history(`${path}/history`, house.operators['matrix'])).status).toBe(404);
  });

  test('of a tariff, in pages: also its line of the tariff of a pair', async () => {
    const price = (terminationFee: string) => ({ class: 'message', terminationFee, switchFee: '0.001' });
    const line = { from: 'fetion', to: 'yixin' };
    await agreed('POST', '/v1/tariffs', { terms: { ...line, validFrom: LATER, ...price('0.03') } });
    const fees = [
      { direction: 'there', ...price('0.9') },
      { direction: 'back', ...price('0.04') },
    ];
    const validFrom = '2199-02-01T00:00:00Z';
    await agreed('POST', '/v1/tariffs/pairs', { terms: { from: 'yixin', to: 'fetion', validFrom, fees } });
    const path = '/v1/tariffs/history?from=fetion&to=yixin&class=message&limit=1';
    const first = (await history(path)).body;
    expect(steps(first.items)).toEqual([
      [
        'tariff.pair',
        [
          { field: 'validFrom', before: '2199-01-01T00:00:00.000Z', after: '2199-02-01T00:00:00.000Z' },
          { field: 'terminationFee', before: '0.03', after: '0.04' },
        ],
      ],
    ]);
    const second = (await history(`${path}&cursor=${first.next}`)).body;
    expect(second).toMatchObject({ items: [{ kind: 'tariff.add' }], next: null });
    expect((await history(path, house.operators['matrix'])).body.items).toEqual([]);
  });

  test('of a route: an operator sees the versions that bound its network', async () => {
    const route = (network: string) => ({ terms: { kind: 'prefix', key: '86139', network } });
    await agreed('POST', '/v1/routes', route('xmpp'));
    await agreed('POST', '/v1/routes', route('yixin'));
    await agreed('DELETE', '/v1/routes', route('yixin'));
    const path = '/v1/routes/history?kind=prefix&key=86139';
    const { items } = (await history(path)).body;
    expect(steps(items)).toEqual([
      ['route.remove', [{ field: 'network', before: 'yixin', after: null }]],
      ['route.set', [{ field: 'network', before: 'xmpp', after: 'yixin' }]],
      ['route.set', [{ field: 'network', before: null, after: 'xmpp' }]],
    ]);
    expect((await history(path, house.operators['xmpp'])).body.items).toEqual(items.slice(1));
    expect((await history(path, house.operators['fetion'])).body.items).toEqual([]);
  });

  test('of the phase: also that it was set again', async () => {
    const anchored = { phase: 'anchor', anchor: 'xmpp' };
    await agreed('PUT', '/v1/phase', { terms: anchored });
    await agreed('PUT', '/v1/phase', { terms: { phase: 'mesh' } });
    const { items } = (await history('/v1/phase/history')).body;
    expect(items.map(({ kind, reason: why, proposer, approver }) => [kind, why, proposer, approver])).toEqual(
      Array.from({ length: 2 }, () => ['phase.set', reason, 'first admin', 'second admin']),
    );
    expect(items[0]?.differences).toEqual(
      expect.arrayContaining([{ field: 'phase', before: 'anchor', after: 'mesh' }]),
    );
    expect((await history('/v1/phase/history', house.operators['fetion'])).body.items).toEqual(items);
  });
});
