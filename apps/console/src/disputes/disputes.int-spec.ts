/** Disputes on a real database: two operators and an admin, and deadlines that pass as the play says. */
import { closeDay, statement } from '#clearing-store';
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
import type { DisputeDetail } from './dispute.views.js';

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

/** What stands for the dispute in a party's statement of the day. */
async function adjusted(date: string, party: string, dispute: string) {
  const read = JSON.parse((await statement(database(), date, party, 'json')).toString()) as {
    lines: { kind: string; counterparty: string; amount: string; adjustment: string | null }[];
  };
  const [{ id } = { id: '' }] = await sql<{ id: string }>('SELECT id FROM adjustment WHERE dispute = $1', [
    dispute,
  ]);
  return read.lines.filter(({ adjustment }) => adjustment === id);
}

describe('the whole ladder', () => {
  test('what it ends with stands on both statements of the next day that closes, and on no other', async () => {
    const { id } = await climbs(await opened(), [beta, 'accept']);
    const [date, after] = ['2026-03-02', '2026-03-03'];
    for (const day of [date, after])
      await closeDay(database(), day, { adjustmentsBefore: new Date(now().getTime() + DAY_MS) });
    expect(await adjusted(date, 'matrix', id)).toMatchObject([
      { kind: 'adjustment', counterparty: 'xmpp', amount: '-0.050000' },
    ]);
    expect(await adjusted(date, 'xmpp', id)).toMatchObject([{ counterparty: 'matrix', amount: '0.050000' }]);
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
      'hub: silence > closed',
    ]);
    expect(await posted(start.id)).toEqual(THE_CLAIM);

    const audit = new AuditService(database());
    const entries = await audit.list(0, 100, { subject: `dispute/${start.id}` });
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
      'dispute.silence',
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

describe('silence', () => {
  test('of a respondent costs him his say, then the claim', async () => {
    const { id } = await climbs(await opened(), [alpha, 'request-evidence']);
    later(10);
    expect((await does(beta, { id, version: 2 }, 'answer', SHOWS)).body).toMatchObject({
      type: 'urn:hutong:problem:invalid',
    });
    await sweeps();
    expect(await shown(id)).toMatchObject({ state: 'defaulted' });
    later(5);
    await sweeps();
    const charged = await shown(id);
    expect(charged).toMatchObject({ state: 'charged_back' });
    expect((await does(beta, charged, 'represent', SHOWS)).body).toMatchObject({
      type: 'urn:hutong:problem:invalid',
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
      disputes.push(await chargedBack());
    }
    later(15);
    const second = await openDatabase(databaseUrl());
    const sweepers = [sweeperOver(database()), sweeperOver(second)];
    const judged = await Promise.all(sweepers.map((sweeper) => sweeper.sweep()));
    await Promise.all(sweepers.map((sweeper) => sweeper.stop()));
    await second.destroy();
    expect(warnings).toEqual([]);
    expect(judged.reduce((sum, one) => sum + one, 0)).toBe(disputes.length);
    for (const { id } of disputes) expect(await posted(id)).toEqual(THE_CLAIM);
  });

  test('of one that cannot be posted does not keep the others waiting, and changes nothing of it', async () => {
    const stuck = await chargedBack();
    await sql(`ALTER TABLE adjustment ADD CONSTRAINT refuse CHECK (dispute <> '${stuck.id}')`);
    const other = await opened();
    later(30);
    expect(await sweeps()).toBe(1);
    expect(await shown(other.id)).toMatchObject({ state: 'closed' });
    expect(await shown(stuck.id)).toMatchObject({ state: 'charged_back', version: stuck.version });
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
      const dispute = await chargedBack();
      later(15);
      const [accepted] = await Promise.all([does(beta, dispute, 'accept'), sweeps()]);
      expect([400, 412]).toContain(accepted.status);
      // The first sweep passes over what is being looked at.
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
