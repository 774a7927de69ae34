/** Who may confirm or decline a change, and how a change ends without effect. */
import { FIRST_ADMIN, SECOND_ADMIN } from '../../../../test/support/console-fixture.js';
import { ConsentStage, DAY_MS, reason } from '../../../../test/support/consent-stage.js';
import { ChangeExpiry } from './change-expiry.js';
import type { ChangeView } from './changes.js';

const FUTURE = '2027-01-01T00:00:00Z';

let stage: ConsentStage;

beforeAll(async () => {
  stage = await ConsentStage.open();
});
afterAll(() => stage?.console.close(), 60_000);

describe('confirmations', () => {
  test('neither an admin, nor an auditor, nor the operator of a network that it does not bind', async () => {
    const id = await stage.approved(stage.addAgreement('xmpp', 'matrix'));
    for (const step of ['confirm', 'decline']) {
      for (const key of [FIRST_ADMIN, SECOND_ADMIN, stage.console.auditor])
        expect((await stage.answer(key, id, step)).status).toBe(403);
      expect((await stage.answer(stage.operatorOf('fetion'), id, step)).status).toBe(404);
    }
    expect((await stage.console.call(stage.operatorOf('fetion'), 'GET', `/v1/changes/${id}`)).status).toBe(
      404,
    );
    const lists = async (network: string) =>
      (
        await stage.console.call<{ items: ChangeView[] }>(
          stage.operatorOf(network),
          'GET',
          '/v1/changes?limit=200',
        )
      ).body.items;
    expect((await lists('fetion')).map((one) => one.id)).not.toContain(id);
    expect((await lists('xmpp')).map((one) => one.id)).toContain(id);
    expect((await stage.shown(id)).confirmations.map(({ state }) => state)).toEqual(['awaited', 'awaited']);
  });

  test('are refused before a second admin has approved the change', async () => {
    const { body } = await stage.propose(FIRST_ADMIN, stage.addAgreement('xmpp', 'matrix'));
    expect((await stage.answer(stage.operatorOf('xmpp'), body.id, 'confirm')).status).toBe(409);
    expect((await stage.shown(body.id)).confirmations).toMatchObject([
      { state: 'awaited' },
      { state: 'awaited' },
    ]);
  });

  test('a network that is suspended or gone confirms for no other, and one that is gone binds nothing more', async () => {
    for (const network of ['lofter', 'miliao']) {
      await stage.console.call(FIRST_ADMIN, 'POST', '/v1/networks', { network, name: network });
      await stage.console.call(FIRST_ADMIN, 'POST', `/v1/networks/${network}/enable`, { reason });
      stage.console.operators[network] = await stage.console.key(`${network} people`, 'operator', network);
    }
    const id = await stage.approved(stage.addAgreement('lofter', 'miliao'));
    await stage.console.call(FIRST_ADMIN, 'POST', '/v1/networks/lofter/suspend', { reason });
    const elsewhere = await stage.approved(stage.addAgreement('xmpp', 'miliao'));
    expect((await stage.answer(stage.operatorOf('lofter'), elsewhere, 'confirm')).status).toBe(404);
    const removal = await stage.console.call<ChangeView>(FIRST_ADMIN, 'POST', '/v1/networks/lofter/remove', {
      reason,
    });
    expect((await stage.console.approve(removal.body.id)).body).toMatchObject({ state: 'applied' });
    expect(
      (await stage.answer(stage.operatorOf('lofter'), elsewhere, 'confirm')).status,
    ).toBeGreaterThanOrEqual(400);
    expect((await stage.answer(stage.operatorOf('miliao'), id, 'confirm')).body).toMatchObject({
      state: 'applied',
      confirmations: [{ network: 'miliao', state: 'confirmed' }],
    });
    await stage.console.call(FIRST_ADMIN, 'POST', '/v1/networks/miliao/suspend', { reason });
    const end = await stage.console.call<ChangeView>(FIRST_ADMIN, 'POST', '/v1/networks/miliao/remove', {
      reason,
    });
    expect((await stage.console.approve(end.body.id)).body).toMatchObject({ state: 'applied' });
  });

  test('of all members at the same moment: the change is applied once, and nobody gets an error', async () => {
    const id = await stage.approved(stage.addAgreement('*', '*'));
    const waiting = (await stage.shown(id)).confirmations.map(({ network }) => network);
    const answers = await Promise.all(
      waiting.map((network) => stage.answer(stage.operatorOf(network), id, 'confirm')),
    );
    expect(answers.map(({ status }) => status)).toEqual(waiting.map(() => 200));
    expect(answers.filter(({ body }) => body.state === 'applied')).toHaveLength(1);
    expect(await stage.shown(id)).toMatchObject({ state: 'applied' });
  });

  test('a network that became a member since the approval confirms, too', async () => {
    const id = await stage.approved(stage.addAgreement('*', '*'));
    await stage.console.call(FIRST_ADMIN, 'POST', '/v1/networks', { network: 'laiwang', name: 'Laiwang' });
    await stage.console.call(FIRST_ADMIN, 'POST', '/v1/networks/laiwang/enable', { reason });
    const waiting = (await stage.shown(id)).confirmations.map(({ network }) => network);
    for (const network of waiting) await stage.answer(stage.operatorOf(network), id, 'confirm');
    expect((await stage.shown(id)).confirmations.filter(({ state }) => state === 'awaited')).toMatchObject([
      { network: 'laiwang' },
    ]);
    await stage.console.call(FIRST_ADMIN, 'POST', '/v1/networks/laiwang/suspend', { reason });
    const removal = await stage.console.call<ChangeView>(FIRST_ADMIN, 'POST', '/v1/networks/laiwang/remove', {
      reason,
    });
    expect((await stage.console.approve(removal.body.id)).body).toMatchObject({ state: 'applied' });
  });
});

describe('an end without effect', () => {
  test('a decline ends the change for all, and all members that it binds get the reason', async () => {
    const id = await stage.approved(stage.addAgreement('xmpp', 'matrix'));
    await stage.answer(stage.operatorOf('matrix'), id, 'confirm');
    const before = await stage.exchange();
    const declined = await stage.console.call<ChangeView>(
      stage.operatorOf('xmpp'),
      'POST',
      `/v1/changes/${id}/decline`,
      {
        reason: 'too dear',
      },
    );
    expect(declined.body).toMatchObject({ state: 'declined', endedAt: stage.now.toISOString() });
    for (const network of ['xmpp', 'matrix'])
      expect((await stage.unread(network))[0]).toMatchObject({
        kind: 'change',
        subject: `change/${id}`,
        words: expect.stringContaining('xmpp says: too dear') as string,
      });
    const path = '/v1/changes?state=declined&mine=true';
    const mine = (await stage.console.call<{ items: ChangeView[] }>(FIRST_ADMIN, 'GET', path)).body.items;
    expect(mine.map((one) => one.id)).toContain(id);
    expect((await stage.answer(stage.operatorOf('matrix'), id, 'confirm')).status).toBe(409);
    expect(await stage.exchange()).toEqual(before);
  });

  test('a network that has confirmed may still decline while another is awaited', async () => {
    const id = await stage.approved(stage.addAgreement('xmpp', 'matrix'));
    await stage.answer(stage.operatorOf('xmpp'), id, 'confirm');
    expect((await stage.answer(stage.operatorOf('xmpp'), id, 'decline')).body).toMatchObject({
      state: 'declined',
    });
  });

  test('a change that is not confirmed in 14 days expires, and the members that were asked are notified', async () => {
    const proposedOnly = (await stage.propose(FIRST_ADMIN, stage.addAgreement('xmpp', 'matrix'))).body.id;
    const id = await stage.approved(stage.addAgreement('xmpp', 'matrix'));
    await stage.answer(stage.operatorOf('xmpp'), id, 'confirm');
    stage.pass(14 * DAY_MS);
    expect((await stage.answer(stage.operatorOf('matrix'), id, 'confirm')).status).toBe(409);
    expect((await stage.console.approve(proposedOnly)).status).toBe(409);
    await stage.console.app.get(ChangeExpiry).round();
    expect(await stage.shown(id)).toMatchObject({ state: 'expired', endedAt: stage.now.toISOString() });
    expect(await stage.shown(proposedOnly)).toMatchObject({ state: 'expired' });
    for (const network of ['xmpp', 'matrix'])
      expect(await stage.unread(network)).toContainEqual(
        expect.objectContaining({
          kind: 'change',
          subject: `change/${id}`,
          words: expect.stringContaining('expired before every network had confirmed it') as string,
        }),
      );
    const [last] = await stage.console.sql<{ actor: string; action: string }>(
      "SELECT actor, action FROM audit WHERE change ->> 'id' = $1 ORDER BY seq DESC LIMIT 1",
      [id],
    );
    expect(last).toEqual({ actor: 'hub', action: 'agreement.add expired' });
  });

  test('one person has at most 100 open proposals', async () => {
    const [open] = await stage.console.sql<{ n: number }>(
      'SELECT count(*)::int AS n FROM change_request WHERE ended_at IS NULL AND proposed_by = (SELECT id FROM api_key WHERE prefix = $1 LIMIT 1)',
      [FIRST_ADMIN.slice(0, 9)],
    );
    await stage.console.sql(
      `INSERT INTO change_request (id, kind, body, reason, state, proposed_by, proposed_at, expires_at)
       SELECT gen_random_uuid(), 'network.remove', '{"kind": "network.remove", "network": "xmpp"}', 'many', 'proposed', k.id, now(), $2
       FROM generate_series(1, $3::int), LATERAL (SELECT id FROM api_key WHERE name = $1 LIMIT 1) k`,
      ['first admin', FUTURE, 100 - (open?.n ?? 0)],
    );
    expect(await stage.propose(FIRST_ADMIN, stage.addAgreement('xmpp', 'matrix'))).toMatchObject({
      status: 409,
    });
    expect((await stage.propose(SECOND_ADMIN, stage.addAgreement('xmpp', 'matrix'))).status).toBe(202);
    await stage.console.sql("DELETE FROM change_request WHERE reason = 'many'");
  });
});
