/** Own records compared with the clearing file, through the API. Real PostgreSQL and bus. */
import { gzipSync } from 'node:zlib';
import { closeDay } from '#clearing-store';
import { ConsoleFixture, FIRST_ADMIN, type Answer } from '../../../../test/support/console-fixture.js';
import { MOST_KEPT } from './reconciliations.repository.js';

const DATE = '2026-03-01';
const PATH = `/v1/business-days/${DATE}/reconciliations`;
let hub: ConsoleFixture;
let north: string;
let south: string;

interface Made {
  id: string;
  own: number;
  billed: number;
  same: number;
  differences: Record<string, number>;
  detail: string;
}
interface Difference {
  kind: string;
  reference: string;
  field: string | null;
  own: string | null;
  billed: string | null;
  disputable: boolean;
  dispute: string | null;
}

async function upload(
  key: string,
  body: string | Uint8Array<ArrayBuffer>,
  type = 'text/csv',
  more: Record<string, string> = {},
): Promise<Pick<Answer<Made>, 'status' | 'body'> & { headers: Headers }> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': type, ...more };
  const response = await fetch(hub.url + PATH, { method: 'POST', headers, body });
  return { status: response.status, body: (await response.json()) as Made, headers: response.headers };
}

const listed = async (key: string, id: string, more = '') =>
  (await hub.call<{ items: Difference[] }>(key, 'GET', `${PATH}/${id}/differences${more}`)).body.items;
const csv = (...lines: string[]) => ['reference,to,units,price,outcome', ...lines].join('\r\n');
const ALL_SAME = csv(...[1, 2, 3, 4, 5].map((n) => `m-${n},south,01,1.00,delivered`));

beforeAll(async () => {
  hub = await ConsoleFixture.of(['north', 'south']);
  ({ north = '', south = '' } = hub.operators);
  await hub.sql(
    `INSERT INTO tariff VALUES (gen_random_uuid(), '*', '*', 'message', '2020-01-01', 1000000, 100000, NULL, '[]', now())`,
  );
  await hub.sql(
    `INSERT INTO detail_record (reference, from_network, to_network, class, units, accepted_at, routed_seq, outcome, code,
       ended_at, outcome_seq, from_party, to_party, business_date)
     SELECT 'm-' || n, 'north', 'south', 'message', 1, now(), n, 'delivered', '00', now(), n, 'a', 'b', $1::date
     FROM generate_series(1, 5) n`,
    [DATE],
  );
  await closeDay(hub.database, DATE, { adjustmentsBefore: new Date(`${DATE}T15:00:00Z`) });
});

afterAll(() => hub?.close(), 60_000);

describe('own records', () => {
  test.each([
    ['CSV', ALL_SAME, 'text/csv', {}],
    [
      'NDJSON',
      [1, 2, 3, 4, 5].map((n) => JSON.stringify({ reference: `m-${n}`, to: 'south', units: 1 })).join('\n'),
      'application/x-ndjson',
      {},
    ],
    ['packed CSV', new Uint8Array(gzipSync(ALL_SAME)), 'text/csv', { 'content-encoding': 'gzip' }],
  ])('that say the same, as %s, have no difference', async (_, body, type, more) => {
    expect(await upload(north, body, type, more)).toMatchObject({
      status: 201,
      body: {
        own: 5,
        billed: 5,
        same: 5,
        differences: { 'only-own': 0, 'only-billed': 0, 'other-value': 0, repeated: 0 },
      },
    });
  });

  test('that differ have one difference for each field, each missing record and each repeated line', async () => {
    const own = csv(
      'm-1,south,1,1,delivered',
      'm-2,south,1,0.5,failed',
      'm-3,south,1,1,delivered',
      'm-3,south,1,1,delivered',
      'm-4,south,1,1,delivered',
      '=ours,south,1,9,delivered',
    );
    const { body } = await upload(north, own);
    expect(body).toMatchObject({
      own: 6,
      billed: 5,
      same: 3,
      differences: { 'only-own': 1, 'only-billed': 1, 'other-value': 2, repeated: 1 },
    });
    const rows = await listed(north, body.id);
    expect(
      rows.map(({ kind, reference, field, own, billed, disputable }) => [
        kind,
        reference,
        field,
        own,
        billed,
        disputable,
      ]),
    ).toEqual([
      ['only-own', '=ours', null, '9', null, false],
      ['other-value', 'm-2', 'outcome', 'failed', 'delivered', true],
      ['other-value', 'm-2', 'price', '0.5', '1', true],
      ['repeated', 'm-3', null, null, null, false],
      ['only-billed', 'm-5', null, null, '1', true],
    ]);
    expect(await listed(north, body.id, '?kind=repeated')).toHaveLength(1);
    expect((await hub.call(north, 'GET', `${PATH}/${body.id}`)).body).toMatchObject({ id: body.id, own: 6 });
    const file = await hub.call<string>(north, 'GET', `${PATH}/${body.id}/file`);
    expect(file.type).toContain('text/csv');
    expect(file.body.split('\r\n')).toHaveLength(7);
    expect(file.body).toContain("only-own,'=ours,south,,9,,\r\n");
    const json = await hub.call<string>(north, 'GET', `${PATH}/${body.id}/file?format=ndjson`);
    expect(json.body.trim().split('\n')).toHaveLength(5);
  });

  test('lead to a dispute, which the difference then names', async () => {
    const { body } = await upload(north, csv('m-1,south,1,0.5,delivered'));
    const [first] = await listed(north, body.id, '?kind=other-value');
    const claim = { reference: first?.reference, toNetwork: 'south', kind: 'spoofed_sender', amount: '0.5' };
    const evidence = { text: 'The sender is not ours.', envelopeHash: '0'.repeat(64) };
    const dispute = await hub.call<{ id: string }>(north, 'POST', '/v1/disputes', { ...claim, evidence });
    expect(dispute.status).toBe(201);
    expect(await listed(north, body.id, '?kind=other-value')).toMatchObject([{ dispute: dispute.body.id }]);
  });

  test('are the sender’s and the receiver’s, and nobody else sees what was compared', async () => {
    const { body } = await upload(south, ALL_SAME);
    expect(body).toMatchObject({ same: 5 });
    for (const key of [FIRST_ADMIN, hub.auditor])
      expect(await hub.call(key, 'GET', `${PATH}/${body.id}`)).toMatchObject({ status: 403 });
    for (const path of ['', '/differences', '/file'])
      expect(await hub.call(north, 'GET', `${PATH}/${body.id}${path}`)).toMatchObject({ status: 404 });
    expect(await hub.call(north, 'DELETE', `${PATH}/${body.id}`)).toMatchObject({ status: 404 });
    expect(await hub.call(south, 'DELETE', `${PATH}/${body.id}`)).toMatchObject({ status: 204 });
    expect(await hub.call(south, 'GET', `${PATH}/${body.id}`)).toMatchObject({ status: 404 });
    const audited = await hub.sql<{ action: string }>(
      'SELECT action FROM audit WHERE subject = $1 ORDER BY seq',
      [`reconciliation/${body.id}`],
    );
    expect(audited.map(({ action }) => action)).toEqual(['reconciliation.made', 'reconciliation.removed']);
  });
});

describe('a file', () => {
  test.each([
    ['no columns', 'name,price\na,1', 'line 1 names the columns'],
    ['a line without a reference', 'reference,to\nm-1,south\n,south', 'line 3 has no reference'],
    ['a line that does not end', `reference,to\n${'x'.repeat(20_000)}`, 'a line has at most'],
  ])('with %s is refused, and the line is named', async (_, body, why) => {
    expect(await upload(north, body)).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining(why) as string },
    });
  });

  test('that is no gzip is refused', async () => {
    const more = { 'content-encoding': 'gzip' };
    expect(await upload(north, ALL_SAME, 'text/csv', more)).toMatchObject({ status: 400 });
    expect(await upload(north, ALL_SAME, 'text/csv', { 'content-encoding': 'br' })).toMatchObject({
      status: 415,
    });
  });

  test('that unpacks to more than is allowed is refused, and leaves nothing', async () => {
    const emptyLine = `${' '.repeat(16_000)}\n`;
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(65 * 1024 * 1024, emptyLine)));
    const before = await hub.sql('SELECT id FROM reconciliation');
    expect(await upload(north, bomb, 'text/csv', { 'content-encoding': 'gzip' })).toMatchObject({
      status: 413,
    });
    expect(await hub.sql('SELECT id FROM reconciliation')).toEqual(before);
  });

  test('goes to this route alone', async () => {
    const headers = { authorization: `Bearer ${north}`, 'content-type': 'text/csv' };
    const other = await fetch(`${hub.url}/v1/me/views`, { method: 'POST', headers, body: 'a,b' });
    expect(other.status).toBe(415);
    expect(await hub.call(north, 'POST', PATH, { surprise: 1 })).toMatchObject({ status: 400 });
  });

  test('with the same Idempotency-Key is compared once, and another file is refused', async () => {
    const key = { 'idempotency-key': 'one-file' };
    const first = await upload(north, ALL_SAME, 'text/csv', key);
    expect(await upload(north, ALL_SAME, 'text/csv', key)).toMatchObject({ body: { id: first.body.id } });
    expect(await upload(north, csv('m-1,south'), 'text/csv', key)).toMatchObject({ status: 409 });
  });
});

test(`the newest ${MOST_KEPT} are kept, newest first`, async () => {
  const made: string[] = [];
  for (let n = 0; n <= MOST_KEPT; n++) made.push((await upload(south, ALL_SAME)).body.id);
  const { body } = await hub.call<{ items: { id: string }[] }>(south, 'GET', `${PATH}?limit=100`);
  expect(body.items.map(({ id }) => id)).toEqual(made.reverse().slice(0, MOST_KEPT));
});
