/** Limits of disputes: the amount, one dispute for each record, none after the own confirmation, and the number of open ones. */
import {
  alpha,
  auditor,
  beta,
  claim,
  disputeStage,
  gamma,
  type Person,
} from '../../../../test/support/dispute-stage.js';
import { decimalOf, millionths } from '../settlement/amount.js';
import type { DisputeDetail } from './disputes.dto.js';
import { KINDS, MOST_OPEN, SCHEDULE } from './dispute-kinds.js';
import { REMINDER_DAYS, REVIEW_DAYS } from './lifecycle.js';

const { aRecord, call, climbs, now, sql } = disputeStage();

const PRICE = 50_000n;
const opens = (who: Person, reference: string, more: object = {}) =>
  call<DisputeDetail & { detail: string }>(who, 'POST', '/v1/disputes', claim(reference, more));

/** A record of a closed day, which has the price of the record. */
async function rated(): Promise<string> {
  const reference = await aRecord();
  await sql(
    `INSERT INTO rated_record (business_date, reference, to_network, tariff, price, switch_fee)
     SELECT business_date, reference, to_network, NULL, $2, 0 FROM detail_record WHERE reference = $1`,
    [reference, PRICE.toString()],
  );
  return reference;
}

let unrated = 0;
/** A record of an open day: two units at 0.025 yuan each. */
async function underTariff(): Promise<string> {
  const reference = `unrated-${++unrated}`;
  await sql(
    `INSERT INTO detail_record (reference, from_network, to_network, class, units, accepted_at, ended_at, outcome, code, from_party, to_party, business_date)
     VALUES ($1, 'xmpp', 'matrix', 'sms', 2, $2::timestamptz, $2, 'delivered', '00', 'a', 'b', $2::timestamptz::date)`,
    [reference, now()],
  );
  return reference;
}

beforeAll(() =>
  sql(
    `INSERT INTO tariff (id, from_network, to_network, class, valid_from, termination_fee, switch_fee, shares, created_at)
     VALUES (gen_random_uuid(), 'xmpp', '*', 'sms', '2026-01-01T00:00:00Z', 25000, 1000, '[]', now())`,
  ),
);

describe('the amount', () => {
  const CASES = KINDS.flatMap((kind) => [
    { kind, day: 'closed', record: rated },
    { kind, day: 'open', record: underTariff },
  ]);

  test.each(CASES)(
    '$kind, of a day that is $day: the price and the fee, and not a millionth more',
    async ({ kind, record }) => {
      const reference = await record();
      const most = PRICE + millionths(SCHEDULE[kind].fee);
      const more = await opens(alpha, reference, { kind, amount: decimalOf(most + 1n) });
      expect(more).toMatchObject({
        status: 400,
        body: {
          type: 'urn:hutong:problem:invalid',
          detail: expect.stringContaining(`amount: ${decimalOf(most)} yuan at most`) as string,
        },
      });
      const exactly = await opens(alpha, reference, { kind, amount: decimalOf(most) });
      expect(exactly).toMatchObject({ status: 201, body: { amount: decimalOf(most) } });
    },
  );

  test('a claim that was refused leaves nothing that would stand in the way of another', async () => {
    const reference = await rated();
    expect(await opens(alpha, reference, { amount: '999' })).toMatchObject({ status: 400 });
    expect(await sql('SELECT 1 FROM dispute WHERE reference = $1', [reference])).toEqual([]);
    expect(await opens(beta, reference)).toMatchObject({ status: 201 });
  });

  test('the price of a record is paid back once, however many kinds it is disputed as', async () => {
    const reference = await rated();
    const first = await opens(alpha, reference, { kind: 'not_delivered', amount: '0.15' });
    await climbs(first.body, [beta, 'accept']);
    const again = { kind: 'late', amount: '0.100001' };
    expect((await opens(alpha, reference, again)).body).toMatchObject({
      type: 'urn:hutong:problem:invalid',
      detail: expect.stringContaining('amount: 0.1 yuan at most: 0 of the price') as string,
    });
    expect(await opens(alpha, reference, { ...again, amount: '0.1' })).toMatchObject({ status: 201 });
  });

  test('the schedule is served to everybody', async () => {
    for (const who of [alpha, gamma, auditor] as const) {
      const { status, body } = await call(who, 'GET', '/v1/disputes/schedule');
      expect(status).toBe(200);
      expect(body).toEqual({
        openAtMost: MOST_OPEN,
        daysToOpen: 120,
        reminderDays: REMINDER_DAYS,
        reviewDays: REVIEW_DAYS,
        kinds: KINDS.map((kind) => ({ kind, ...SCHEDULE[kind] })),
      });
    }
  });
});

describe('after the claimant confirmed the day', () => {
  beforeAll(async () => {
    const date = now().toISOString().slice(0, 10);
    await sql(
      `INSERT INTO confirmation (date, network, position, key, at) SELECT $1::date, 'xmpp', 0, id, $2 FROM api_key LIMIT 1`,
      [date, now()],
    );
  });
  afterAll(() => sql('DELETE FROM confirmation'));

  test.each(KINDS)('%s is refused, unless the clearing file could not show it', async (kind) => {
    const answer = await opens(alpha, await rated(), { kind });
    if (SCHEDULE[kind].afterConfirmation) return expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      type: 'urn:hutong:problem:conflict',
      detail: expect.stringContaining('xmpp has confirmed the business day') as string,
    });
  });

  test('some kinds are marked, and some are not', () => {
    const marked = KINDS.filter((kind) => SCHEDULE[kind].afterConfirmation);
    expect(marked).toEqual(['spoofed_sender', 'content_altered', 'illegal_content']);
  });

  test.each(KINDS)('the other side, which did not confirm, can open %s', async (kind) => {
    expect(await opens(beta, await rated(), { kind })).toMatchObject({ status: 201 });
  });
});

describe('at the same time', () => {
  test('one of many for a record is opened, whatever the kinds', async () => {
    const reference = await rated();
    const asked = KINDS.flatMap((kind) => [
      opens(alpha, reference, { kind }),
      opens(beta, reference, { kind }),
    ]);
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409)).toHaveLength(asked.length - 1);
  });

  test('the last free place of a claimant is taken once', async () => {
    await sql(
      `INSERT INTO dispute (id, reference, to_network, claimant, respondent, kind, amount, state, deadline, opened_at)
       SELECT gen_random_uuid(), 'filler-' || n, 'matrix', 'xmpp', 'matrix', 'late', 1, 'opened', $1::timestamptz + interval '1 year', $1
       FROM generate_series(1, $2 - 1 - (SELECT count(*)::int FROM dispute WHERE claimant = 'xmpp' AND state <> 'closed')) n`,
      [now(), MOST_OPEN],
    );
    const references = [await rated(), await rated(), await rated()];
    const answers = await Promise.all(references.map((reference) => opens(alpha, reference)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409]);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused?.body.detail).toMatch(/xmpp has 200 open disputes/);
    // Other members are not affected, and a closed dispute no longer counts.
    expect(await opens(beta, await rated())).toMatchObject({ status: 201 });
    const opened = answers.find(({ status }) => status === 201);
    await climbs(opened?.body as DisputeDetail, [alpha, 'withdraw']);
    expect(await opens(alpha, await rated())).toMatchObject({ status: 201 });
  });
});
