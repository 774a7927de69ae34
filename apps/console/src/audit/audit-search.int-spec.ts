/** The audit log by pages, newest first, with its filters, and as a file. Real PostgreSQL and bus. */
import { ConsoleFixture, FIRST_ADMIN } from '../../../../test/support/console-fixture.js';

interface Entry {
  seq: number;
  at: string;
  actor: string;
  action: string;
  subject: string;
  reason: string;
}
let house: ConsoleFixture;
const HOSTILE = '=HYPERLINK("https://evil.example","click")';

beforeAll(async () => {
  house = await ConsoleFixture.open();
  for (const [id, reason] of [
    ['cmcc', 'first'],
    ['unicom', HOSTILE],
    ['telecom', 'third, with "quotes", and a\nline'],
  ])
    await house.call(FIRST_ADMIN, 'POST', '/v1/operators', { id, name: id, contact: 'noc', reason });
});
afterAll(() => house?.close(), 60_000);

async function page(query: string, key = FIRST_ADMIN): Promise<{ items: Entry[]; next: string | null }> {
  const { status, body } = await house.call<{ items: Entry[]; next: string | null }>(
    key,
    'GET',
    `/v1/audit?${query}`,
  );
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body;
}
const subjects = async (query: string, key?: string) =>
  (await page(query, key)).items.map((one) => one.subject);
const file = async (query: string, key = FIRST_ADMIN) =>
  house.call<string>(key, 'GET', `/v1/audit/export?${query}`);
/** The text, with the byte order mark that `fetch` takes away. */
async function bytes(query: string): Promise<string> {
  const response = await fetch(`${house.url}/v1/audit/export?${query}`, {
    headers: { authorization: `Bearer ${FIRST_ADMIN}` },
  });
  return Buffer.from(await response.arrayBuffer()).toString('utf8');
}

test('newest first, page after page, it is the same log as oldest first', async () => {
  const oldest = (await page('limit=200&subject=operator/cmcc&action=operator.')).items;
  expect(oldest).toHaveLength(1);
  const walked: number[] = [];
  let cursor = '';
  do {
    const { items, next } = await page(`order=newest&limit=2&action=operator.${cursor}`);
    walked.push(...items.map(({ seq }) => seq));
    cursor = next === null ? '' : `&cursor=${next}`;
  } while (cursor !== '');
  const all = (await page('limit=200&action=operator.')).items.map(({ seq }) => seq);
  expect(all).toHaveLength(3);
  expect(walked).toEqual(all.toReversed());
});

test('filters by who, action and time', async () => {
  const mine = ['operator/telecom', 'operator/unicom', 'operator/cmcc'];
  expect(await subjects('order=newest&who=FIRST&action=operator')).toEqual(mine);
  expect(await subjects('who=second&action=operator')).toEqual([]);
  // What LIKE takes for a wildcard is text.
  expect(await subjects('who=%25&action=operator')).toEqual([]);
  expect(await subjects('who=first_admin&action=operator')).toEqual([]);
  const [, second] = (await page('order=newest&action=operator')).items;
  const at = encodeURIComponent(second?.at ?? '');
  expect(await subjects(`order=newest&action=operator&since=${at}`)).toEqual(mine.slice(0, 2));
  expect(await subjects(`order=newest&action=operator&until=${at}`)).toEqual(mine.slice(2));
});

test('an operator reads what concerns its network, whatever it filters for', async () => {
  const { operator } = house.keys;
  expect(await subjects('subject=network/xmpp', operator)).not.toEqual([]);
  expect(await subjects('subject=operator/cmcc', operator)).toEqual([]);
  expect(await subjects('action=operator.', operator)).toEqual([]);
  for (const path of ['/v1/audit', '/v1/audit/export'])
    expect((await house.call(operator, 'GET', `${path}?subject=network/matrix`)).status).toBe(403);
  const { body } = await file('format=ndjson', operator);
  expect(body).toContain('network/xmpp');
  expect(body).not.toContain('network/matrix');
});

test('as CSV no cell is a formula, and each entry is one record', async () => {
  const text = await bytes('action=operator.&format=csv');
  expect(text.startsWith('\uFEFFseq,at,actor,action,subject,reason,change,networks,hash\r\n')).toBe(true);
  expect(text.split('\r\n')).toHaveLength(5);
  expect(text).toContain(`"'=HYPERLINK(""https://evil.example"",""click"")"`);
  expect(text).toContain('"third, with ""quotes"", and a\nline"');
});

test('as NDJSON it has the entries of the list, newest first, and was written to the log', async () => {
  const { body, type } = await file('action=operator.&format=ndjson');
  expect(type).toBe('application/x-ndjson');
  const lines = body.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
    (await page('order=newest&action=operator.')).items,
  );
  const [exported] = (await page('order=newest&action=audit.exported&limit=1')).items;
  expect(exported).toMatchObject({
    subject: 'audit/log',
    actor: expect.stringContaining('first admin') as string,
  });
});

test('each filter of the list is one of the index', async () => {
  await house.sql('ANALYZE audit');
  const plan = async (where: string, value: string) => {
    // A small table is read whole, whatever indexes there are.
    const [, rows] = await house.database.transaction(async (manager) => {
      await manager.query('SET LOCAL enable_seqscan = off');
      return [
        null,
        await manager.query<Record<string, string>[]>(`EXPLAIN SELECT * FROM audit WHERE ${where}`, [value]),
      ];
    });
    return rows.map((row) => Object.values(row)[0]).join('\n');
  };
  expect(await plan(`lower(regexp_replace(actor, '^\\S+ \\S+ ', '')) LIKE $1`, 'first%')).toContain(
    'audit_who',
  );
  expect(await plan('action LIKE $1', 'operator.%')).toContain('audit_action');
  expect(await plan('at >= $1', '2026-01-01T00:00:00Z')).toContain('audit_at');
});
