/** Disputes on a real database: two operators and an admin, and deadlines that pass as the play says. */
import { closeDay, statement, verifyDay } from '#clearing-store';
import { openDatabase } from '#database';
import {
  DAY_MS,
  admin,
  alpha,
  beta,
  claim,
  SAYS,
  SHOWS,
  THE_CLAIM,
  disputeStage,
  secondAdmin,
} from '../../../../test/support/dispute-stage.js';
import { AuditService } from '../audit/audit.service.js';
import type { DisputeDetail } from './disputes.dto.js';
import { REMINDER_DAYS, REVIEW_DAYS } from './lifecycle.js';

const {
  approves,
  aRecord,
  call,
  chargedBack,
  climbs,
  database,
  databaseUrl,
  does,
  later,
  now,
  opened,
  posted,
  rules,
  shown,
  sql,
  sweeperOver,
  sweeps,
  warnings,
} = disputeStage();

/** The line of the dispute in a statement of the day. */
async function adjusted(date: string, party: string, dispute: string) {
  const read = JSON.parse((await statement(database(), date, party, 'json')).toString()) as {
    lines: {
      kind: string;
      counterparty: string;
      amount: string;
      adjustment: string | null;
      reference: string | null;
      text: string | null;
    }[];
  };
  const [{ id } = { id: '' }] = await sql<{ id: string }>('SELECT id FROM adjustment WHERE dispute = $1', [
    dispute,
  ]);
  return read.lines.filter(({ adjustment }) => adjustment === id);
}

describe('the whole lifecycle', () => {
  test('what it ends with stands on both statements of the next day that closes, and on no other', async () => {
    const { id, reference } = await climbs(await opened(), [beta, 'accept']);
    const [date, after] = ['2026-03-02', '2026-03-03'];
    for (const day of [date, after])
      await closeDay(database(), day, { adjustmentsBefore: new Date(now().getTime() + DAY_MS) });
    const text = `dispute ${id}: not_delivered of the message ${reference} to matrix, ended by accepted`;
    const cause = { kind: 'adjustment', reference, text };
    expect(await adjusted(date, 'matrix', id)).toMatchObject([
      { ...cause, counterparty: 'xmpp', amount: '-0.050000' },
    ]);
    expect(await adjusted(date, 'xmpp', id)).toMatchObject([
      { ...cause, counterparty: 'matrix', amount: '0.050000' },
    ]);
    expect((await verifyDay(database(), date)).identical).toBe(true);
    expect(await adjusted(after, 'xmpp', id)).toEqual([]);
  });

  test('two operators argue, an admin rules, and the claim is posted when the ruling takes effect', async () => {
    const start = await opened();
    expect(start).toMatchObject({ state: 'opened', claimant: 'xmpp', respondent: 'matrix', amount: '0.05' });

    const represented = await climbs(
      start,
      [alpha, 'request-evidence'],
      [beta, 'answer', SHOWS],
      [alpha, 'charge-back'],
      [beta, 'represent', SHOWS],
    );
    const ruled = await rules(represented, { for: 'claimant', text: 'The receipt is of another message.' });
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
      'hub: take-effect > closed',
    ]);
    expect(await posted(start.id)).toEqual(THE_CLAIM);

    const audit = new AuditService(database());
    const entries = await audit.list('oldest', 0, 100, { subject: `dispute/${start.id}` });
    expect(entries.map(({ action }) => action)).toEqual([
      'dispute.open',
      'dispute.request-evidence',
      'dispute.answer',
      'dispute.charge-back',
      'dispute.represent',
      'dispute.rule proposed',
      'dispute.arbitrate',
      'dispute.rule approved',
      'dispute.rule applied',
      'dispute.take-effect',
    ]);
    expect(entries.at(-1)?.actor).toBe('hub');
    expect(await audit.verify()).not.toHaveProperty('broken');
  });

  test('a ruling for the respondent posts nothing', async () => {
    const represented = await climbs(await chargedBack(), [beta, 'represent', SHOWS]);
    const { id } = await rules(represented, { for: 'respondent', text: 'It was delivered.' });
    later(5);
    await sweeps();
    expect(await shown(id)).toMatchObject({ state: 'closed', outcome: 'respondent' });
    expect(await posted(id)).toEqual([]);
  });

  test('a ruling takes two admins, and the dispute as it was when the first proposed it', async () => {
    const represented = await climbs(await chargedBack(), [beta, 'represent', SHOWS]);
    const ruling = { for: 'respondent', text: 'It was delivered.' };
    const proposed = await does<{ id: string; state: string }>(admin, represented, 'arbitrate', ruling);
    expect(proposed).toMatchObject({ status: 202, body: { state: 'proposed' } });
    expect(await approves(admin, proposed.body.id)).toMatchObject({
      status: 403,
      body: { type: 'urn:hutong:problem:forbidden' },
    });
    expect(await shown(represented.id)).toMatchObject({ state: 'represented', ruling: null });

    await climbs(represented, [beta, 'accept']);
    expect(await approves(secondAdmin, proposed.body.id)).toMatchObject({
      body: { type: 'urn:hutong:problem:conflict' },
    });
    expect(await posted(represented.id)).toEqual(THE_CLAIM);
  });

  test('a respondent who accepts pays at once', async () => {
    const { id, ...end } = await climbs(await opened(), [beta, 'accept']);
    expect(end).toMatchObject({ state: 'closed', outcome: 'claimant', ground: 'accepted' });
    expect(await posted(id)).toEqual(THE_CLAIM);
  });

  test('the receiving network can claim too, and then the sending one pays', async () => {
    const body = claim(await aRecord(), { kind: 'spam' });
    const { body: dispute } = await call<DisputeDetail>(beta, 'POST', '/v1/disputes', body);
    expect(dispute).toMatchObject({ claimant: 'matrix', respondent: 'xmpp' });
    await climbs(dispute, [alpha, 'accept']);
    expect(await posted(dispute.id)).toEqual([{ ...THE_CLAIM[0], from_party: 'xmpp', to_party: 'matrix' }]);
  });
});

/** The deadlines that pass until a default ruling takes effect: of the state, of the reminder, of the review. */
async function remindedOn(dispute: { id: string }, days: number) {
  later(days);
  await sweeps();
  const reminded = await shown(dispute.id);
  expect(reminded).toMatchObject({ reminded: true });
  return reminded;
}

async function defaultedOn(dispute: { id: string }, days: number) {
  await remindedOn(dispute, days);
  later(REMINDER_DAYS);
  await sweeps();
  const pending = await shown(dispute.id);
  expect(pending).toMatchObject({ state: 'default_pending_review', outcome: null });
  return pending;
}

/** One admin proposes it, the other agrees. */
async function reviews(dispute: DisputeDetail, decision: string) {
  const body = { decision, text: 'We looked at it.' };
  const proposed = await does<{ id: string }>(admin, dispute, 'review', body);
  expect(proposed).toMatchObject({ status: 202, body: { state: 'proposed' } });
  expect(await approves(admin, proposed.body.id)).toMatchObject({ status: 403 });
  expect(await approves(secondAdmin, proposed.body.id)).toMatchObject({ status: 200 });
  return shown(dispute.id);
}

describe('silence', () => {
  test('of a respondent leads to a reminder, to a default, and, when nobody reviews it, to its effect', async () => {
    const { id } = await climbs(await opened(), [alpha, 'request-evidence']);
    expect(await remindedOn({ id }, 10)).toMatchObject({ state: 'evidence_requested', version: 3 });
    later(REMINDER_DAYS);
    expect((await does(beta, { id, version: 3 }, 'answer', SHOWS)).body).toMatchObject({
      type: 'urn:hutong:problem:invalid',
    });
    await sweeps();
    expect(await shown(id)).toMatchObject({
      state: 'default_pending_review',
      ruling: 'claimant',
      lapsed: 'evidence_requested',
    });
    expect(await posted(id)).toEqual([]);
    later(REVIEW_DAYS);
    await sweeps();
    const end = await shown(id);
    expect(end).toMatchObject({ state: 'closed', outcome: 'claimant', ground: 'silence' });
    expect(end.history.slice(2).map(({ by, action }) => `${by}: ${action}`)).toEqual([
      'hub: remind',
      'hub: default',
      'hub: take-effect',
    ]);
    expect(await posted(id)).toEqual(THE_CLAIM);
    const entries = await new AuditService(database()).list('oldest', 0, 100, { subject: `dispute/${id}` });
    expect(entries.slice(2).map(({ action, actor }) => `${actor}: ${action}`)).toEqual([
      'hub: dispute.remind',
      'hub: dispute.default',
      'hub: dispute.take-effect',
    ]);
  });

  test('of a claimant ends the claim in the same way', async () => {
    const { id } = await defaultedOn(await opened(), 30);
    later(REVIEW_DAYS);
    await sweeps();
    expect(await shown(id)).toMatchObject({ state: 'closed', outcome: 'respondent', ground: 'silence' });
    expect(await posted(id)).toEqual([]);
  });

  test('broken after the reminder has no consequence', async () => {
    const dispute = await climbs(await opened(), [alpha, 'request-evidence']);
    const reminded = await remindedOn(dispute, 10);
    expect(await climbs(reminded, [beta, 'answer', SHOWS])).toMatchObject({
      state: 'answered',
      reminded: false,
    });
  });

  test('two admins confirm a default: it takes effect at once', async () => {
    const pending = await defaultedOn(await chargedBack(), 15);
    expect(await reviews(pending, 'confirm')).toMatchObject({ state: 'closed', outcome: 'claimant' });
    expect(await posted(pending.id)).toEqual(THE_CLAIM);
  });

  test('two admins overturn a default: the side that did not act can act again', async () => {
    const pending = await defaultedOn(await chargedBack(), 15);
    const again = await reviews(pending, 'overturn');
    expect(again).toMatchObject({ state: 'charged_back', ruling: null, lapsed: null, reminded: false });
    expect(await posted(pending.id)).toEqual([]);
    expect(await climbs(again, [beta, 'represent', SHOWS])).toMatchObject({ state: 'represented' });
  });

  test('is no matter for a review before the default, or for a side', async () => {
    const charged = await chargedBack();
    const body = { decision: 'confirm', text: 'x' };
    expect(await does(admin, charged, 'review', body)).toMatchObject({ status: 400 });
    const pending = await defaultedOn(charged, 15);
    expect(await does(beta, pending, 'review', body)).toMatchObject({ status: 403 });
    expect(await does(alpha, pending, 'withdraw')).toMatchObject({ status: 400 });
  });

  test('each step is done once, even when two consoles sweep at the same time', async () => {
    const disputes: DisputeDetail[] = [];
    for (let count = 0; count < 10; count++) disputes.push(await chargedBack());
    const ids = disputes.map(({ id }) => id);
    const second = await openDatabase(databaseUrl());
    for (const days of [15, REMINDER_DAYS, REVIEW_DAYS]) {
      later(days);
      const sweepers = [sweeperOver(database()), sweeperOver(second)];
      await Promise.all(sweepers.map((sweeper) => sweeper.round()));
    }
    await second.destroy();
    expect(warnings).toEqual([]);
    const steps = await sql<{ action: string; count: number }>(
      `SELECT action, count(*)::int AS count FROM dispute_step WHERE dispute = ANY($1) AND side = 'hub' GROUP BY action ORDER BY action`,
      [ids],
    );
    expect(steps).toEqual([
      { action: 'default', count: 10 },
      { action: 'remind', count: 10 },
      { action: 'take-effect', count: 10 },
    ]);
    for (const id of ids) expect(await posted(id)).toEqual(THE_CLAIM);
  });

  test('of one that cannot be posted does not keep the others waiting, and changes nothing of it', async () => {
    const [stuck, other] = [await chargedBack(), await chargedBack()];
    for (const days of [15, REMINDER_DAYS]) {
      later(days);
      await sweeps();
    }
    await sql(`ALTER TABLE adjustment ADD CONSTRAINT refuse CHECK (dispute <> '${stuck.id}')`);
    later(REVIEW_DAYS);
    await sweeps();
    expect(await shown(other.id)).toMatchObject({ state: 'closed' });
    expect(await shown(stuck.id)).toMatchObject({
      state: 'default_pending_review',
      version: stuck.version + 2,
    });
    await sql('ALTER TABLE adjustment DROP CONSTRAINT refuse');
    expect(await sweeps()).toBe(1);
    expect(await posted(stuck.id)).toEqual(THE_CLAIM);
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

  test('a respondent accepts too late, while the silence is carried out: it is posted once', async () => {
    for (let round = 0; round < 5; round++) {
      const dispute = await defaultedOn(await chargedBack(), 15);
      later(REVIEW_DAYS);
      const [accepted] = await Promise.all([does(beta, dispute, 'accept'), sweeps()]);
      expect([400, 412]).toContain(accepted.status);
      // The first sweep skips a locked row.
      await sweeps();
      expect(await shown(dispute.id)).toMatchObject({ state: 'closed', ground: 'silence' });
      expect(await posted(dispute.id)).toEqual(THE_CLAIM);
    }
  });

  test('an answer that was lost is given again, for the opening and for a step', async () => {
    const body = claim(await aRecord());
    const opens = () =>
      call<DisputeDetail>(alpha, 'POST', '/v1/disputes', body, { 'idempotency-key': 'open' });
    const [first, again] = [await opens(), await opens()];
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('etag')).toBe('"1"');
    const path = `/v1/disputes/${first.body.id}/accept`;
    const accepts = () => call(beta, 'POST', path, SAYS, { 'if-match': '"1"', 'idempotency-key': 'accept' });
    expect([(await accepts()).status, (await accepts()).status]).toEqual([200, 200]);
    expect(await posted(first.body.id)).toEqual(THE_CLAIM);
  });
});
