/** East is accused, first by one rival, then by others; two admins decide about it. Real PostgreSQL and bus. */
import type { Member } from '#protocol';
import { ConsoleFixture, FIRST_ADMIN, SECOND_ADMIN } from '../../../../test/support/console-fixture.js';
import { AuditService } from '../audit/audit.service.js';
import { RiskService } from './risk.service.js';

const HOUR_MS = 3600_000;
const reason = 'a test';
let now = new Date();
let console: ConsoleFixture;

beforeAll(async () => {
  console = await ConsoleFixture.of(['east', 'rival', 'north', 'south'], () => now);
});
afterAll(() => console?.close(), 60_000);

const operatorOf = (network: string) => console.operators[network] ?? '';
const later = (hours: number) => (now = new Date(now.getTime() + hours * HOUR_MS));

/** One round of the worker, which also runs once a minute. */
async function judged(): Promise<void> {
  while ((await console.app.get(RiskService).judge(now)) === undefined);
}
async function member(): Promise<Pick<Member, 'risk' | 'limitedTowards'>> {
  const { members } = await console.hub.registry();
  const found = members.find(({ network }) => network === 'east');
  return { risk: found?.risk ?? 'normal', limitedTowards: found?.limitedTowards ?? [] };
}

/** Records messages of east that the switch routed: message n to person n of a network. */
async function sentOn(network: string, tag: string, count: number, stages = ['routed', 'delivered']) {
  for (const stage of stages)
    await console.sql(
      `INSERT INTO checkpoint SELECT $1 || $2 || $3 || n, $2 || '-' || $1 || '-' || n, $3, $1, 'message', 'c', 'im:eve@east',
         'im:' || $2 || n || '@' || $1, '00', NULL, $4 FROM generate_series(1, $5::int) n`,
      [network, tag, stage, now, count],
    );
}
interface Complaint {
  reference: string | null;
  accused?: string;
}
const report = (network: string, { reference, accused = 'im:eve@east' }: Complaint) =>
  console.call<{ detail: string }>(operatorOf(network), 'POST', '/v1/abuse-reports', {
    accused,
    reference,
    category: 'spam',
  });
async function complain(network: string, tag: string, people: number): Promise<void> {
  for (let n = 1; n <= people; n++)
    expect((await report(network, { reference: `${tag}-${network}-${n}` })).status).toBe(202);
}
const told = async (network: string): Promise<string[]> => {
  const path = '/v1/announcements?limit=200';
  const { body } = await console.call<{ items: { kind: string; words: string }[] }>(
    operatorOf(network),
    'GET',
    path,
  );
  return body.items.filter(({ kind }) => kind === 'risk').map(({ words }) => words);
};
const riskOf = async (network: string) =>
  (await console.call(operatorOf(network), 'GET', `/v1/networks/${network}/risk`)).body;
const decide = async (step: 'lift' | 'dismiss', body: object): Promise<string> => {
  const path = `/v1/networks/east/risk/${step}`;
  const proposal = await console.call<{ id: string }>(FIRST_ADMIN, 'POST', path, { ...body, reason });
  expect(proposal).toMatchObject({ status: 202, body: { state: 'proposed' } });
  return proposal.body.id;
};
const approve = (key: string, id: string) =>
  console.call(key, 'POST', `/v1/changes/${id}/approve`, { reason: 'agreed' });

test('what names no message that was delivered to the reporting network counts for nothing', async () => {
  for (const network of ['rival', 'north', 'south']) await sentOn(network, 'first', 2000);
  await sentOn('rival', 'undelivered', 20, ['routed']);
  await sentOn('rival', 'invented', 20, ['delivered']);
  // Receipts of east for messages of the rival are in the trace under the id of the message.
  await sentOn('rival', 'receipt', 20);
  await console.sql("UPDATE checkpoint SET kind = 'receipt' WHERE event_id LIKE 'receipt-%'");
  for (let n = 1; n <= 10; n++) {
    await report('rival', { reference: `receipt-rival-${n}` });
    await report('rival', { reference: `undelivered-rival-${n}` });
    await report('rival', { reference: `invented-rival-${n}` });
    await report('rival', { reference: `first-north-${n}` });
    await report('rival', { reference: `first-rival-${n}`, accused: 'im:another@east' });
    await report('rival', { reference: null });
  }
  await judged();
  expect(await member()).toEqual({ risk: 'normal', limitedTowards: [] });
  expect(await riskOf('east')).toMatchObject({ people: 0, unproven: 60, perThousand: 0 });
});

test('a rival alone gets what is sent to itself limited, and nothing else, whatever it reports and for how long', async () => {
  await complain('rival', 'first', 10);
  await judged();
  expect(await member()).toEqual({ risk: 'normal', limitedTowards: ['rival'] });
  expect(await riskOf('east')).toMatchObject({
    people: 10,
    operators: 1,
    perThousand: 0,
    limitedTowards: [{ network: 'rival', people: 10, sentOn: 2020 }],
    explanation: expect.stringContaining('one operator alone moves no level') as string,
  });
  // Further reports of the same people do not count again, and no operator answers in time.
  await complain('rival', 'first', 10);
  for (const hours of [2, 73, 2]) {
    later(hours);
    await judged();
  }
  expect(await member()).toEqual({ risk: 'normal', limitedTowards: ['rival'] });
  expect(await riskOf('east')).toMatchObject({ people: 10, late: 10, perThousand: 0 });
  const [words, ...others] = await told('east');
  expect(others).toEqual([]);
  for (const part of ['from east to rival, and to no other network', '10 people', 'To object'])
    expect(words).toContain(part);
});

test('people of independent networks step the network itself, one step at a time', async () => {
  await complain('north', 'first', 5);
  await complain('south', 'first', 5);
  await judged();
  expect(await member()).toEqual({ risk: 'warned', limitedTowards: ['rival'] });
  await judged();
  expect((await member()).risk).toBe('warned');
  later(1);
  await judged();
  expect(await member()).toEqual({ risk: 'throttled', limitedTowards: ['rival'] });
  // (5 + 5) per 6,020 messages of north and south; the rival, with late answers, counts at most as much as both together.
  expect(await riskOf('east')).toMatchObject({ people: 20, operators: 3, perThousand: 3.322 });
});

test('one admin does not lift a step; two do, and the same reports do not bring it back', async () => {
  const id = await decide('lift', {});
  expect((await approve(FIRST_ADMIN, id)).status).toBe(403);
  expect((await approve(operatorOf('east'), id)).status).toBe(403);
  expect((await member()).risk).toBe('throttled');
  expect(await approve(SECOND_ADMIN, id)).toMatchObject({ status: 200, body: { state: 'applied' } });
  expect((await member()).risk).toBe('normal');
  for (const network of ['rival', 'north', 'south']) await complain(network, 'first', 5);
  later(2);
  await judged();
  expect(await member()).toEqual({ risk: 'normal', limitedTowards: [] });
  expect(await riskOf('east')).toMatchObject({ people: 0, unproven: 15 });
});

test('a limited pair is lifted alike', async () => {
  await sentOn('north', 'second', 200);
  await complain('north', 'second', 9);
  await judged();
  expect(await member()).toEqual({ risk: 'normal', limitedTowards: ['north'] });
  expect((await approve(SECOND_ADMIN, await decide('lift', { towards: 'north' }))).status).toBe(200);
  await judged();
  expect(await member()).toEqual({ risk: 'normal', limitedTowards: [] });
});

test('dismissed reports count no more, and against the network that made them, which is told', async () => {
  await sentOn('rival', 'third', 50);
  await complain('rival', 'third', 10);
  await judged();
  expect((await member()).limitedTowards).toEqual(['rival']);
  const id = await decide('dismiss', { reporter: 'rival' });
  expect((await approve(FIRST_ADMIN, id)).status).toBe(403);
  expect((await approve(SECOND_ADMIN, id)).status).toBe(200);
  expect((await member()).limitedTowards).toEqual([]);
  expect(await riskOf('rival')).toMatchObject({
    reporting: { standing: 10, dismissed: 10, reliable: false, weight: 0.25, perDay: 50 },
  });
  const [words] = await told('rival');
  for (const part of ['dismissed', 'about east: a test', 'weigh 0.25', '50 reports in 24 hours'])
    expect(words).toContain(part);
});

test('as many complaints of that network no longer limit the pair, and it may make few', async () => {
  later(25);
  await sentOn('rival', 'fourth', 50);
  await complain('rival', 'fourth', 10);
  await judged();
  expect((await member()).limitedTowards).toEqual([]);
  for (let n = 11; n <= 50; n++) expect((await report('rival', { reference: null })).status).toBe(202);
  const refused = await report('rival', { reference: null });
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe(String(24 * 3600));
  expect(refused.body.detail).toContain('POST /v1/blocked');
  later(25);
  expect((await report('rival', { reference: null })).status).toBe(202);
});

test('one person complains ten times a day at most', async () => {
  await sentOn('south', 'fifth', 11);
  await console.sql("UPDATE checkpoint SET to_address = 'im:bob@south' WHERE event_id LIKE 'fifth-south-%'");
  await complain('south', 'fifth', 10);
  const refused = await report('south', { reference: 'fifth-south-11' });
  expect(refused.status).toBe(429);
  expect(refused.body.detail).toContain('one person can make 10 reports');
  expect(await riskOf('south')).toMatchObject({ reporting: { standing: 6 } });
});

test('the network was notified of every step with its reason, and the audit log contains it', async () => {
  const steps = await console.sql<{ reason: string }>(
    "SELECT reason FROM audit WHERE action IN ('network.risk', 'network.pair-risk') AND subject = 'network/east' ORDER BY seq",
  );
  expect(steps.length).toBeGreaterThanOrEqual(9);
  const words = (await told('east')).toReversed();
  expect(words).toHaveLength(steps.length);
  for (const step of steps) expect(words.filter((one) => one.includes(step.reason))).not.toEqual([]);
  expect(await new AuditService(console.database).verify()).not.toHaveProperty('broken');
});

test('a network does not see how another stands', async () => {
  expect((await console.call(operatorOf('north'), 'GET', '/v1/networks/east/risk')).status).toBe(404);
});

test('the list has every network for admins, one level if asked, and its own for an operator', async () => {
  type Listed = { items: { network: string; risk: string }[]; next: string | null };
  const listed = async (key: string, query = '') =>
    (await console.call<Listed>(key, 'GET', `/v1/risk${query}`)).body;
  const all = await listed(FIRST_ADMIN);
  expect(all.items.map(({ network }) => network)).toEqual(
    expect.arrayContaining(['east', 'north', 'rival', 'south']),
  );
  const [first] = (await listed(FIRST_ADMIN, '?limit=1')).items;
  expect(first).toEqual(all.items[0]);
  const { next } = await listed(FIRST_ADMIN, '?limit=1');
  expect((await listed(FIRST_ADMIN, `?limit=1&cursor=${next}`)).items).toEqual(all.items.slice(1, 2));
  expect((await listed(FIRST_ADMIN, '?level=suspended')).items).toEqual(
    all.items.filter(({ risk }) => risk === 'suspended'),
  );
  expect((await listed(operatorOf('north'))).items.map(({ network }) => network)).toEqual(['north']);
});

test('limits that were reached are counted by pair, for the networks of the pair', async () => {
  for (const n of [1, 2])
    await console.sql(
      `INSERT INTO checkpoint SELECT 'limit' || $1::text, 'limited-' || $1::text, 'failed', 'east', 'message', 'c', 'im:eve@east',
         'im:a@south', '65', NULL, $2`,
      [n, now],
    );
  type Reached = { pairs: { from: string; to: string; messages: number }[] };
  const reached = async (key: string) =>
    (await console.call<Reached>(key, 'GET', '/v1/risk/limits')).body.pairs;
  const pair = { from: 'east', to: 'south', messages: 2, lastAt: now.toISOString() };
  expect(await reached(FIRST_ADMIN)).toEqual([pair]);
  expect(await reached(operatorOf('south'))).toEqual([pair]);
  expect(await reached(operatorOf('north'))).toEqual([]);
});

test('complaints are listed by category, and by whether they were answered', async () => {
  type Reports = { items: { category: string; answer: object | null }[] };
  const listed = async (query: string) =>
    (await console.call<Reports>(FIRST_ADMIN, 'GET', `/v1/abuse-reports?limit=200&${query}`)).body.items;
  const all = await listed('');
  expect(all.length).toBeGreaterThan(0);
  expect(await listed('category=spam')).toEqual(all.filter(({ category }) => category === 'spam'));
  expect(await listed('category=fraud')).toEqual([]);
  expect(await listed('answered=false')).toEqual(all.filter(({ answer }) => answer === null));
  expect(await listed('answered=true')).toEqual(all.filter(({ answer }) => answer !== null));
});
