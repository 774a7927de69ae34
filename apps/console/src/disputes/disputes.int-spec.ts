/** Disputes on a real database: two operators and an admin, and deadlines that pass as the test says. */
import { openDatabase } from '#database';
import { clearingTables } from '../../../../test/support/clearing-tables.js';
import { ConsoleFixture, type Answer } from '../../../../test/support/console-fixture.js';
import { quiet } from '../../../../test/support/hub-fixture.js';
import { AuditService } from '../audit/audit.service.js';
import { DisputeSweeper } from './dispute.sweeper.js';
import type { DisputeDetail } from './dispute.views.js';
import { DisputesService } from './disputes.service.js';

const HASH = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const DAY_MS = 24 * 3600_000;
let now = new Date('2026-03-01T12:00:00Z');
let hub: ConsoleFixture;
let alpha: string;
let beta: string;
let gamma: string;
let admin: string;
let auditor: string;
let records = 0;

beforeAll(async () => {
  hub = await ConsoleFixture.open(() => now);
  await clearingTables(hub.database);
  await hub.call(hub.keys.admin, 'POST', '/v1/networks', { network: 'fetion', name: 'Fetion' });
  ({ operator: alpha, admin, auditor } = hub.keys);
  beta = await hub.key('matrix people', 'operator', 'matrix');
  gamma = await hub.key('fetion people', 'operator', 'fetion');
}, 120_000);

afterAll(() => hub?.close(), 60_000);

/** A message from xmpp to matrix that was billed. */
async function aRecord(ended = now): Promise<string> {
  const reference = `reference-${++records}`;
  await hub.sql(
    `INSERT INTO detail_record (reference, from_network, to_network, class, units, ended_at, outcome, code, from_party, to_party)
     VALUES ($1, 'xmpp', 'matrix', 'message', 1, $2, 'delivered', '00', 'a', 'b')`,
    [reference, ended],
  );
  return reference;
}

function claim(reference: string, more: object = {}) {
  const evidence = { text: 'Nothing came.', envelopeHash: HASH };
  return { reference, toNetwork: 'matrix', kind: 'not_delivered', amount: '0.05', evidence, ...more };
}

async function opened(more: object = {}): Promise<DisputeDetail> {
  const answer = await hub.call<DisputeDetail>(alpha, 'POST', '/v1/disputes', claim(await aRecord(), more));
  expect(answer.status).toBe(201);
  return answer.body;
}

const SAYS = { text: 'Please.' };
const SHOWS = { text: 'Here it is.', envelopeHash: HASH };

async function does<T = DisputeDetail>(
  key: string,
  { id, version }: { id: string; version: number },
  step: string,
  body: object = SAYS,
): Promise<Answer<T>> {
  return hub.call<T>(key, 'POST', `/v1/disputes/${id}/${step}`, body, { 'if-match': `"${version}"` });
}

async function climbs(dispute: DisputeDetail, ...steps: [string, string, object?][]): Promise<DisputeDetail> {
  let at = dispute;
  for (const [key, step, body] of steps) {
    const answer = await does(key, at, step, body);
    expect(answer).toMatchObject({ status: 200 });
    at = answer.body;
  }
  return at;
}

function posted(id: string) {
  return hub.sql<{ from_party: string; to_party: string; amount: string; business_date: null }>(
    'SELECT from_party, to_party, amount, business_date FROM adjustment WHERE dispute = $1',
    [id],
  );
}

const THE_CLAIM = [{ from_party: 'matrix', to_party: 'xmpp', amount: '50000', business_date: null }];

function later(days: number): void {
  now = new Date(now.getTime() + days * DAY_MS);
}

function consoleOver(database: Awaited<ReturnType<typeof openDatabase>>): DisputeSweeper {
  return new DisputeSweeper(
    new DisputesService(database, new AuditService(database), () => now),
    quiet,
    DAY_MS,
  );
}

async function sweeps(): Promise<number> {
  const sweeper = consoleOver(hub.database);
  const judged = await sweeper.sweep();
  await sweeper.stop();
  return judged;
}

async function shown(id: string, key = alpha): Promise<DisputeDetail> {
  return (await hub.call<DisputeDetail>(key, 'GET', `/v1/disputes/${id}`)).body;
}

describe('the whole ladder', () => {
  test('two operators argue, an admin rules, and the claim is posted when the ruling takes effect', async () => {
    const start = await opened();
    expect(start).toMatchObject({ state: 'opened', claimant: 'xmpp', respondent: 'matrix', amount: '0.05' });

    const ruled = await climbs(
      start,
      [alpha, 'request-evidence'],
      [beta, 'answer', SHOWS],
      [alpha, 'charge-back'],
      [beta, 'represent', SHOWS],
      [admin, 'arbitrate', { for: 'claimant', text: 'The receipt is of another message.' }],
    );
    expect(ruled).toMatchObject({ state: 'arbitrated', ruling: 'claimant', outcome: null, version: 6 });
    expect(await posted(start.id)).toEqual([]);

    later(5);
    await sweeps();
    const end = await shown(start.id);
    expect(end).toMatchObject({ state: 'closed', outcome: 'claimant', ground: 'ruling', allowed: [] });
    expect(end.history.map(({ by, action, state }) => `${by}: ${action} > ${state}`)).toEqual([
      'xmpp: open > opened',
      'xmpp: request-evidence > evidence_requested',
      'matrix: answer > answered',
      'xmpp: charge-back > charged_back',
      'matrix: represent > represented',
      'admin: arbitrate > arbitrated',
      'hub: silence > closed',
    ]);
    expect(await posted(start.id)).toEqual(THE_CLAIM);

    const audit = new AuditService(hub.database);
    const entries = await audit.list(0, 100, `dispute/${start.id}`);
    expect(entries.map(({ action }) => action)).toEqual([
      'dispute.open',
      'dispute.request-evidence',
      'dispute.answer',
      'dispute.charge-back',
      'dispute.represent',
      'dispute.arbitrate',
      'dispute.silence',
    ]);
    expect(entries.at(-1)?.actor).toBe('hub');
    expect(await audit.verify()).not.toHaveProperty('broken');
  });

  test('a ruling for the respondent posts nothing', async () => {
    const { id } = await climbs(
      await opened(),
      [alpha, 'request-evidence'],
      [beta, 'answer', SHOWS],
      [alpha, 'charge-back'],
      [beta, 'represent', SHOWS],
      [admin, 'arbitrate', { for: 'respondent', text: 'It was delivered.' }],
    );
    later(5);
    await sweeps();
    expect(await shown(id)).toMatchObject({ state: 'closed', outcome: 'respondent' });
    expect(await posted(id)).toEqual([]);
  });

  test('a respondent who accepts pays at once', async () => {
    const { id, ...end } = await climbs(await opened(), [beta, 'accept']);
    expect(end).toMatchObject({ state: 'closed', outcome: 'claimant', ground: 'accepted' });
    expect(await posted(id)).toEqual(THE_CLAIM);
  });

  test('the receiving network can claim too, and then the sending one pays', async () => {
    const body = claim(await aRecord(), { kind: 'spam' });
    const { body: dispute } = await hub.call<DisputeDetail>(beta, 'POST', '/v1/disputes', body);
    expect(dispute).toMatchObject({ claimant: 'matrix', respondent: 'xmpp' });
    await climbs(dispute, [alpha, 'accept']);
    expect(await posted(dispute.id)).toEqual([{ ...THE_CLAIM[0], from_party: 'xmpp', to_party: 'matrix' }]);
  });
});

describe('silence', () => {
  test('of a respondent costs him his say, then the claim', async () => {
    const { id } = await climbs(await opened(), [alpha, 'request-evidence']);
    later(10);
    expect((await does(beta, { id, version: 2 }, 'answer', SHOWS)).body).toMatchObject({ code: '30' });
    await sweeps();
    expect(await shown(id)).toMatchObject({ state: 'defaulted' });
    later(5);
    await sweeps();
    const charged = await shown(id);
    expect(charged).toMatchObject({ state: 'charged_back' });
    expect((await does(beta, charged, 'represent', SHOWS)).body).toMatchObject({
      code: '30',
      detail:
        'represent: not at this stage; now it is charged_back, and the respondent may accept, the claimant may withdraw',
    });
    later(15);
    await sweeps();
    expect(await shown(id)).toMatchObject({ state: 'closed', outcome: 'claimant', ground: 'silence' });
    expect(await posted(id)).toEqual(THE_CLAIM);
  });

  test('of a claimant ends his claim', async () => {
    const { id } = await opened();
    later(30);
    await sweeps();
    expect(await shown(id)).toMatchObject({ state: 'closed', outcome: 'respondent', ground: 'silence' });
    expect(await posted(id)).toEqual([]);
  });

  test('is carried out once, even when two consoles sweep at the same time', async () => {
    const disputes: DisputeDetail[] = [];
    for (let count = 0; count < 10; count++) {
      const dispute = await opened();
      disputes.push(
        await climbs(dispute, [alpha, 'request-evidence'], [beta, 'answer', SHOWS], [alpha, 'charge-back']),
      );
    }
    later(15);
    const second = await openDatabase(hub.settings.DATABASE_URL);
    const sweepers = [consoleOver(hub.database), consoleOver(second)];
    const judged = await Promise.all(sweepers.map((sweeper) => sweeper.sweep()));
    await Promise.all(sweepers.map((sweeper) => sweeper.stop()));
    await second.destroy();
    expect(judged.reduce((sum, one) => sum + one, 0)).toBe(disputes.length);
    for (const { id } of disputes) expect(await posted(id)).toEqual(THE_CLAIM);
  });

  test('of one that cannot be posted does not keep the others waiting, and changes nothing of it', async () => {
    const stuck = await climbs(
      await opened(),
      [alpha, 'request-evidence'],
      [beta, 'answer', SHOWS],
      [alpha, 'charge-back'],
    );
    await hub.sql(`ALTER TABLE adjustment ADD CONSTRAINT refuse CHECK (dispute <> '${stuck.id}')`);
    const other = await opened();
    later(30);
    expect(await sweeps()).toBe(1);
    expect(await shown(other.id)).toMatchObject({ state: 'closed' });
    expect(await shown(stuck.id)).toMatchObject({ state: 'charged_back', version: stuck.version });
    await hub.sql('ALTER TABLE adjustment DROP CONSTRAINT refuse');
    expect(await sweeps()).toBe(1);
    expect(await posted(stuck.id)).toEqual(THE_CLAIM);
  });
});

describe('who may do what', () => {
  test('an operator of neither side learns nothing, an auditor reads, an admin takes no side', async () => {
    const { id, version } = await opened();
    expect(await hub.call(gamma, 'GET', `/v1/disputes/${id}`)).toMatchObject({ status: 404 });
    expect(await does(gamma, { id, version }, 'accept')).toMatchObject({ status: 404 });
    expect((await shown(id, auditor)).history).toHaveLength(1);
    expect(await does(auditor, { id, version }, 'accept')).toMatchObject({ status: 403 });
    expect(await does(admin, { id, version }, 'accept')).toMatchObject({ status: 403 });
    expect(await does(alpha, { id, version }, 'arbitrate', { for: 'claimant', text: 'Me.' })).toMatchObject({
      status: 403,
    });
    const listed = await hub.call<{ items: object[] }>(gamma, 'GET', '/v1/disputes');
    expect(listed.body.items).toEqual([]);
  });

  test('a side does only what is its own, and is told what that is', async () => {
    const dispute = await opened();
    expect((await does(beta, dispute, 'withdraw')).body).toMatchObject({
      code: '36',
      detail: expect.stringMatching(
        /this is for the claimant, not the respondent; .*respondent may accept/,
      ) as string,
    });
    expect((await does(alpha, dispute, 'charge-back')).body).toMatchObject({
      code: '30',
      detail: expect.stringMatching(/now it is opened, and the claimant may request-evidence/) as string,
    });
  });

  test('nobody steps on what he has not seen', async () => {
    const dispute = await opened();
    const { headers } = await hub.call(alpha, 'GET', `/v1/disputes/${dispute.id}`);
    expect(headers.get('etag')).toBe('"1"');
    await climbs(dispute, [alpha, 'request-evidence']);
    expect(await does(beta, dispute, 'accept')).toMatchObject({ status: 412 });
    const without = await hub.call(beta, 'POST', `/v1/disputes/${dispute.id}/accept`, SAYS);
    expect(without).toMatchObject({ status: 428 });
  });
});

describe('two at the same time', () => {
  test('one side drops the claim while the other accepts it: one of the two counts', async () => {
    for (let round = 0; round < 5; round++) {
      const dispute = await opened();
      const both = await Promise.all([does(alpha, dispute, 'withdraw'), does(beta, dispute, 'accept')]);
      expect(new Set(both.map(({ status }) => status))).toEqual(new Set([200, 412]));
      const { outcome } = await shown(dispute.id);
      expect(await posted(dispute.id)).toEqual(outcome === 'claimant' ? THE_CLAIM : []);
    }
  });

  test('a respondent accepts while the silence is carried out: it is posted once', async () => {
    for (let round = 0; round < 5; round++) {
      const start = await opened();
      const dispute = await climbs(
        start,
        [alpha, 'request-evidence'],
        [beta, 'answer', SHOWS],
        [alpha, 'charge-back'],
      );
      later(15);
      await Promise.all([does(beta, dispute, 'accept'), sweeps()]);
      expect(await shown(dispute.id)).toMatchObject({ state: 'closed', ground: 'silence' });
      expect(await posted(dispute.id)).toEqual(THE_CLAIM);
    }
  });

  test('an answer that was lost is given again, for the opening and for a step', async () => {
    const body = claim(await aRecord());
    const opens = () =>
      hub.call<DisputeDetail>(alpha, 'POST', '/v1/disputes', body, { 'idempotency-key': 'open' });
    const [first, again] = [await opens(), await opens()];
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('etag')).toBe('"1"');
    const path = `/v1/disputes/${first.body.id}/accept`;
    const accepts = () =>
      hub.call(beta, 'POST', path, SAYS, { 'if-match': '"1"', 'idempotency-key': 'accept' });
    expect([(await accepts()).status, (await accepts()).status]).toEqual([200, 200]);
    expect(await posted(first.body.id)).toEqual(THE_CLAIM);
  });
});

describe('to open one', () => {
  test.each([
    [{ amount: '1e3' }, 'amount', /a decimal number/],
    [{ amount: '0' }, 'amount', /not zero/],
    [{ amount: '-1' }, 'amount', /more than zero/],
    [{ amount: 0.05 }, 'amount', /string/],
    [{ kind: 'boring' }, 'kind', /not_delivered/],
    [{ toNetwork: 'Not A Slug' }, 'toNetwork', /./],
    [{ evidence: { text: 'x', envelopeHash: 'abc' } }, 'evidence.envelopeHash', /SHA-256/],
    [{ evidence: { text: ' ', envelopeHash: HASH } }, 'evidence.text', />=1/],
    [{ reference: 'a\0b' }, 'reference', /number zero/],
    [{ evidence: { text: 'x', envelopeHash: HASH, body: 'Dear Bob' } }, 'evidence', /body/],
  ])('%j is refused, with field and rule', async (more, field, rule) => {
    const answer = await hub.call(alpha, 'POST', '/v1/disputes', claim('reference-1', more));
    expect(answer).toMatchObject({
      status: 400,
      body: { code: '30', errors: [{ field, rule: expect.stringMatching(rule) as string }] },
    });
  });

  test('the record has to be there, and to be of the one who asks', async () => {
    const reference = await aRecord();
    expect(await hub.call(alpha, 'POST', '/v1/disputes', claim('nothing'))).toMatchObject({ status: 404 });
    expect(await hub.call(gamma, 'POST', '/v1/disputes', claim(reference))).toMatchObject({ status: 404 });
  });

  test('120 days after the message it is too late', async () => {
    const old = await aRecord(new Date(now.getTime() - 121 * DAY_MS));
    expect((await hub.call(alpha, 'POST', '/v1/disputes', claim(old))).body).toMatchObject({
      code: '30',
      detail: expect.stringContaining('more than 120 days') as string,
    });
  });

  test('there is one for a record and kind, whoever opens it; after a withdrawal there can be another', async () => {
    const reference = await aRecord();
    const body = claim(reference);
    const both = await Promise.all([
      hub.call<DisputeDetail>(alpha, 'POST', '/v1/disputes', body),
      hub.call<DisputeDetail>(beta, 'POST', '/v1/disputes', body),
    ]);
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([201, 409]));
    const winner = both.findIndex(({ status }) => status === 201);
    expect(both[1 - winner]?.body).toMatchObject({ code: '94' });
    const late = await hub.call(alpha, 'POST', '/v1/disputes', { ...body, kind: 'late' });
    expect(late.status).toBe(201);
    await climbs((both[winner] as Answer<DisputeDetail>).body, [[alpha, beta][winner] as string, 'withdraw']);
    expect((await hub.call(alpha, 'POST', '/v1/disputes', body)).status).toBe(201);
  });
});

describe('the list', () => {
  test('comes in pages, newest first, by state and by network', async () => {
    const made: string[] = [];
    for (let count = 0; count < 3; count++) {
      later(0.001);
      made.unshift((await climbs(await opened({ kind: 'late' }), [alpha, 'request-evidence'])).id);
    }
    type Page = { items: { id: string }[]; next: string | null };
    const path = '/v1/disputes?state=evidence_requested&network=matrix&limit=2';
    const first = (await hub.call<Page>(auditor, 'GET', path)).body;
    const rest = (await hub.call<Page>(auditor, 'GET', `${path}&cursor=${first.next}`)).body;
    expect([...first.items, ...rest.items].map(({ id }) => id).slice(0, 3)).toEqual(made);
    const others = await hub.call<Page>(auditor, 'GET', '/v1/disputes?network=fetion');
    expect(others.body.items).toEqual([]);
    const asked = await hub.call<Page>(alpha, 'GET', '/v1/disputes?network=fetion');
    expect(asked.body.items).toEqual([]);
  });

  const forged = (key: unknown) => Buffer.from(JSON.stringify(key)).toString('base64url');
  test.each([
    'nonsense',
    forged(['x', 'y']),
    forged(['0000-01-01T00:00:00Z', '00000000-0000-4000-8000-000000000000']),
    forged([]),
  ])('cursor %s is refused', async (cursor) => {
    expect(await hub.call(alpha, 'GET', `/v1/disputes?cursor=${cursor}`)).toMatchObject({
      status: 400,
      body: { code: '30' },
    });
  });
});
