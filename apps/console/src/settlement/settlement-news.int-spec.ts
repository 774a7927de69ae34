/** Adjusting entries outside of disputes: both sides are notified, and no other code posts any. */
import { globSync, readFileSync } from 'node:fs';
import { closeDay, statement } from '#clearing-store';
import { ConsoleFixture } from '../../../../test/support/console-fixture.js';

const DATE = '2026-03-01';
const TEXT = 'Billed twice, "again", 两次;\n=1+1';
let hub: ConsoleFixture;
let xmpp: string;
let matrix: string;
let fetion: string;

beforeAll(async () => {
  hub = await ConsoleFixture.of(['xmpp', 'matrix', 'fetion']);
  ({ xmpp = '', matrix = '', fetion = '' } = hub.operators);
});
afterAll(() => hub?.close(), 60_000);

interface Adjustment {
  id: string;
  difference: string | null;
  businessDate: string | null;
}
type Page<Item> = { items: Item[]; next: string | null };

const adjustments = async (key: string, query = '') =>
  (await hub.call<Page<Adjustment>>(key, 'GET', `/v1/adjustments${query}`)).body.items;
const told = async (key: string, subject: string) => {
  const { body } = await hub.call<Page<{ kind: string; subject: string; words: string }>>(
    key,
    'GET',
    '/v1/announcements?limit=200',
  );
  return body.items.filter((one) => one.subject === subject);
};

/** A difference of xmpp that is resolved with an entry. @returns its id */
async function resolved(amount = '0.25'): Promise<string> {
  const of = `/v1/business-days/${DATE}/differences`;
  const raised = await hub.call<{ id: string }>(xmpp, 'POST', of, { amount, text: 'Ours says less.' });
  const body = { reason: TEXT, adjustment: { from: 'matrix', to: 'xmpp', amount } };
  const path = `${of}/${raised.body.id}/resolve`;
  const proposed = await hub.call<{ id: string }>(hub.keys.admin, 'POST', path, body, { 'if-match': '"1"' });
  expect(await hub.approve(proposed.body.id)).toMatchObject({ body: { state: 'applied' } });
  return raised.body.id;
}

describe('a difference that is resolved', () => {
  let id: string;
  let entry: Adjustment | undefined;
  beforeAll(async () => {
    await closeDay(hub.database, DATE, { adjustmentsBefore: new Date() });
    id = await resolved();
    entry = (await adjustments(hub.auditor)).find(({ difference }) => difference === id);
  });

  test('makes an entry that both sides see, and both are notified', async () => {
    expect(entry).toMatchObject({
      from: 'matrix',
      to: 'xmpp',
      amount: '0.25',
      text: `difference ${id} of ${DATE}: ${TEXT}`,
      dispute: null,
      reference: null,
      businessDate: null,
    });
    for (const side of [xmpp, matrix]) {
      expect(await adjustments(side)).toEqual([entry]);
      expect(await told(side, `difference/${id}`)).toMatchObject([{ kind: 'settlement' }]);
      expect(await told(side, `adjustment/${entry?.id}`)).toMatchObject([{ kind: 'adjustment' }]);
    }
    expect(await adjustments(fetion)).toEqual([]);
    expect(await told(fetion, `difference/${id}`)).toEqual([]);
  });

  test('stands in both statements of the next close with text and amount, the same bytes again', async () => {
    const next = '2026-03-02';
    await closeDay(hub.database, next, { adjustmentsBefore: new Date(Date.now() + 1000) });
    for (const [party, amount] of [
      ['xmpp', '0.250000'],
      ['matrix', '-0.250000'],
    ] as const) {
      const of = async (format: 'json' | 'csv' | 'pdf') => {
        const bytes = await statement(hub.database, next, party, format);
        expect(await statement(hub.database, next, party, format)).toEqual(bytes);
        return bytes;
      };
      const text = `difference ${id} of ${DATE}: ${TEXT}`;
      const { lines } = JSON.parse((await of('json')).toString()) as { lines: object[] };
      expect(lines).toMatchObject([
        { kind: 'adjustment', amount, adjustment: entry?.id, reference: null, text },
      ]);
      const csv = (await of('csv')).toString();
      expect(csv).toContain(`,${amount},${entry?.id},,"${text.replaceAll('"', '""')}"\n`);
      expect((await of('pdf')).subarray(0, 5).toString()).toBe('%PDF-');
    }
    expect(await adjustments(xmpp, `?date=${next}`)).toMatchObject([{ id: entry?.id, businessDate: next }]);
    expect(await adjustments(xmpp, `?date=${DATE}`)).toEqual([]);
    const verified = await hub.call(hub.auditor, 'POST', `/v1/business-days/${next}/verify`);
    expect(verified.body).toMatchObject({ identical: true });
  });

  test('is final: the database refuses to change or to delete the entry', async () => {
    for (const change of [
      `UPDATE adjustment SET amount = amount + 1`,
      `UPDATE adjustment SET reason = 'another'`,
      `UPDATE adjustment SET business_date = NULL`,
      `DELETE FROM adjustment`,
    ])
      await expect(hub.sql(change)).rejects.toThrow(/is final/);
  });
});

test('every member is notified that a day was recomputed', async () => {
  for (const member of [xmpp, matrix, fetion])
    expect(await told(member, 'business-day/2026-03-02')).toMatchObject([
      {
        kind: 'settlement',
        words: expect.stringContaining('recomputed from its records: nothing differs') as string,
      },
    ]);
});

test('every member is notified that a day was closed early', async () => {
  const date = '2026-03-03';
  const clearing = hub.hub.link.session?.nc.subscribe('hub.clearing.close', {
    callback: (_error, message) => {
      message.respond(JSON.stringify({ code: '00', date, records: 7, netSum: '0.000000' }));
    },
  });
  const path = `/v1/business-days/${date}/close`;
  const proposed = await hub.call<{ id: string }>(hub.keys.admin, 'POST', path, { force: true });
  expect(await told(xmpp, `business-day/${date}`)).toEqual([]);
  expect(await hub.approve(proposed.body.id)).toMatchObject({ status: 200 });
  clearing?.unsubscribe();
  for (const member of [xmpp, matrix, fetion])
    expect(await told(member, `business-day/${date}`)).toMatchObject([
      {
        kind: 'settlement',
        words: expect.stringMatching(/closed before it was over, because two admins agreed\. What/) as string,
      },
    ]);
});

test('the list of adjustments comes in pages, newest first', async () => {
  for (const amount of ['0.1', '0.2']) await resolved(amount);
  const whole = await adjustments(hub.keys.admin);
  expect(whole).toHaveLength(3);
  const paged: Adjustment[] = [];
  for (let cursor = ''; ;) {
    const { body } = await hub.call<Page<Adjustment>>(xmpp, 'GET', `/v1/adjustments?limit=1${cursor}`);
    paged.push(...body.items);
    if (body.next === null) break;
    cursor = `&cursor=${body.next}`;
  }
  expect(paged).toEqual(whole);
});

test('no other code moves money: each table is written in one place', () => {
  const sources = globSync('{apps,libs}/*/src/**/*.ts').filter(
    (file) => !/(spec\.ts$|\/migrations\/)/.test(file),
  );
  const writers = (pattern: RegExp) =>
    sources.filter((file) => pattern.test(readFileSync(file, 'utf8'))).toSorted();
  expect(writers(/INSERT INTO adjustment\b/)).toEqual([
    'apps/console/src/settlement/adjustments.repository.ts',
  ]);
  expect(
    writers(/(UPDATE|INSERT INTO) (position|statement_line|rated_record)\b|UPDATE adjustment\b/),
  ).toEqual(['libs/clearing-store/src/books.repository.ts']);
  // Both announce; this file and money-news.int-spec test them.
  expect(writers(/\badjustments\.post\(/)).toEqual([
    'apps/console/src/disputes/dispute-steps.ts',
    'apps/console/src/settlement/settlement.service.ts',
  ]);
});
