/** Confirmations and differences of closed business days, on a real database. */
import { ConsoleFixture } from '../../../../test/support/console-fixture.js';
import type { DifferenceView } from './settlement.dto.js';

const CLOSED = '2026-03-01';
// After the networks were registered: a member does not see earlier days.
const OPEN = '2099-03-02';
const NOBODYS = '2030-01-01';
let hub: ConsoleFixture;
let alpha: string;
let beta: string;
let admin: string;
let auditor: string;

beforeAll(async () => {
  hub = await ConsoleFixture.open();
  ({ operator: alpha, admin, auditor } = hub.keys);
  beta = await hub.key('matrix people', 'operator', 'matrix');
});

beforeEach(async () => {
  await hub.sql('TRUNCATE business_day, position, adjustment, confirmation, difference CASCADE');
  await hub.sql(
    `INSERT INTO business_day (date, state, sealed_at, closed_at, manifest)
     VALUES ($1, 'closed', now(), now(), '{}'), ($2, 'open', NULL, NULL, NULL)`,
    [CLOSED, OPEN],
  );
  await hub.sql(
    `INSERT INTO position (business_date, party, amount) VALUES ($1, 'xmpp', 12500000), ($1, 'matrix', -12500000)`,
    [CLOSED],
  );
});

afterAll(() => hub?.close(), 60_000);

const of = (date: string, what: string) => `/v1/business-days/${date}/${what}`;
const confirms = (key: string, date = CLOSED) => hub.call(key, 'POST', of(date, 'confirmations'));
const raises = (key: string, date = CLOSED, more: object = {}) =>
  hub.call<DifferenceView>(key, 'POST', of(date, 'differences'), {
    amount: '-0.25',
    text: 'Ours says less.',
    ...more,
  });
const proposes = (id: string, body: object, version = 1) =>
  hub.call<{ id: string }>(admin, 'POST', of(CLOSED, `differences/${id}/resolve`), body, {
    'if-match': `"${version}"`,
  });
/** One admin proposes, the other approves. */
const resolves = async (id: string, body: object) => {
  const proposed = await proposes(id, body);
  expect(proposed.status).toBe(202);
  return hub.approve(proposed.body.id);
};
const entries = () => hub.sql('SELECT from_party, to_party, amount, dispute, business_date FROM adjustment');

describe('a member that agrees', () => {
  test('confirms its position, once, however often it says so', async () => {
    const first = await confirms(alpha);
    expect(first).toMatchObject({ status: 201, body: { date: CLOSED, network: 'xmpp', position: '12.5' } });
    const again = await Promise.all([confirms(alpha), confirms(alpha)]);
    for (const { status, body } of again) expect({ status, body }).toEqual({ status: 200, body: first.body });
    expect(await hub.sql('SELECT * FROM confirmation')).toHaveLength(1);
  });

  test('is one confirmation when it says so twice at the same time', async () => {
    const both = await Promise.all([confirms(beta), confirms(beta)]);
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([200, 201]));
    expect(both[0]?.body).toEqual(both[1]?.body);
  });

  test('raises no difference afterwards', async () => {
    await confirms(alpha);
    expect((await raises(alpha)).body).toMatchObject({ type: 'urn:hutong:problem:invalid' });
  });
});

describe('a member that does not agree', () => {
  test('cannot confirm until two admins have answered it', async () => {
    const raised = await raises(alpha);
    expect(raised).toMatchObject({ status: 201, body: { amount: '-0.25', state: 'open', network: 'xmpp' } });
    expect((await confirms(alpha)).body).toMatchObject({ type: 'urn:hutong:problem:invalid' });

    const answer = await proposes(raised.body.id, { reason: 'The statement is right.' });
    expect(answer).toMatchObject({ status: 202, body: { state: 'proposed' } });
    expect((await confirms(alpha)).body).toMatchObject({ type: 'urn:hutong:problem:invalid' });
    expect((await hub.approve(answer.body.id)).body).toMatchObject({ state: 'applied' });
    const { items } = (await hub.call<{ items: object[] }>(alpha, 'GET', of(CLOSED, 'differences'))).body;
    expect(items).toMatchObject([{ state: 'resolved', adjustment: null }]);
    expect((await confirms(alpha)).status).toBe(201);
    expect(await entries()).toEqual([]);
  });

  test('that is right gets an adjusting entry for the next close, once', async () => {
    const { id } = (await raises(alpha)).body;
    const body = { reason: 'Billed twice.', adjustment: { from: 'xmpp', to: 'matrix', amount: '0.25' } };
    const proposals = [await proposes(id, body), await proposes(id, body)];
    const answers = await Promise.all(proposals.map((proposed) => hub.approve(proposed.body.id)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400]);
    expect((await proposes(id, body)).status).toBe(412);
    expect((await proposes(id, body, 2)).body).toMatchObject({ type: 'urn:hutong:problem:invalid' });
    expect(await entries()).toEqual([
      { from_party: 'xmpp', to_party: 'matrix', amount: '250000', dispute: null, business_date: null },
    ]);
    expect(await hub.sql('SELECT * FROM audit WHERE subject = $1', [`difference/${id}`])).toHaveLength(6);
  });

  test.each([
    [{ from: 'xmpp', to: 'xmpp', amount: '1' }, /must differ from adjustment.from/],
    [{ from: 'matrix', to: 'fetion', amount: '1' }, /from or to must be xmpp/],
    [{ from: 'msn', to: 'xmpp', amount: '1' }, /adjustment.from: msn is neither/],
    [{ from: 'matrix', to: 'xmpp', amount: '-1' }, /adjustment.amount: more than zero/],
  ])('gets no entry %j', async (adjustment, rule) => {
    const { id } = (await raises(alpha)).body;
    const { status, body } = await proposes(id, { reason: 'x', adjustment });
    expect({ status, body }).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(rule) as string },
    });
    expect(await entries()).toEqual([]);
  });

  test.each([
    [{ amount: '0' }, 'amount'],
    [{ amount: '1.0000001' }, 'amount'],
    [{ text: '' }, 'text'],
  ])('is told what is wrong with %j', async (more, field) => {
    const answer = await raises(alpha, CLOSED, more);
    expect(answer).toMatchObject({
      status: 400,
      body: { type: 'urn:hutong:problem:invalid', errors: [{ field }] },
    });
  });
});

describe('a day', () => {
  test('that is not closed is not for saying anything, and one that never was is not there', async () => {
    expect(await confirms(alpha, OPEN)).toMatchObject({
      status: 400,
      body: { type: 'urn:hutong:problem:invalid' },
    });
    expect(await raises(alpha, OPEN)).toMatchObject({ status: 400 });
    expect(await confirms(alpha, NOBODYS)).toMatchObject({ status: 404 });
    for (const never of ['2026-02-30', '0000-01-01', 'today']) {
      const answer = await hub.call<{ errors: { field: string }[] }>(
        alpha,
        'POST',
        of(never, 'confirmations'),
      );
      expect(answer.status).toBe(400);
      // One error for each rule that the date breaks.
      expect(new Set(answer.body.errors.map(({ field }) => field))).toEqual(new Set(['date']));
    }
    expect(await hub.call(auditor, 'GET', of(NOBODYS, 'differences'))).toMatchObject({ status: 404 });
  });
});

describe('the lists', () => {
  test('show an operator its own, and everybody else all, in pages', async () => {
    await confirms(alpha);
    await confirms(beta);
    type Page = { items: { network: string }[]; next: string | null };
    const names = async (key: string, query = '') => {
      const { body } = await hub.call<Page>(key, 'GET', of(CLOSED, `confirmations${query}`));
      return { names: body.items.map(({ network }) => network), next: body.next };
    };
    expect((await names(alpha)).names).toEqual(['xmpp']);
    expect((await names(auditor)).names).toEqual(['matrix', 'xmpp']);
    const first = await names(admin, '?limit=1');
    expect(first.names).toEqual(['matrix']);
    expect(await names(admin, `?limit=1&cursor=${first.next}`)).toEqual({ names: ['xmpp'], next: null });
  });

  test('of differences can be those that are open', async () => {
    const { id } = (await raises(alpha)).body;
    const second = (await raises(beta)).body;
    await resolves(id, { reason: 'No.' });
    const ids = async (key: string, query: string) => {
      const { body } = await hub.call<{ items: { id: string }[] }>(
        key,
        'GET',
        of(CLOSED, `differences${query}`),
      );
      return body.items.map((item) => item.id);
    };
    expect(await ids(auditor, '')).toEqual([id, second.id]);
    expect(await ids(auditor, '?state=open')).toEqual([second.id]);
    expect(await ids(alpha, '?state=open')).toEqual([]);
  });
});
