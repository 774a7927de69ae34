/** Access to disputes: who sees them, who may take which step, and which input is refused. */
import type { Answer } from '../../../../test/support/console-fixture.js';
import {
  admin,
  alpha,
  auditor,
  beta,
  claim,
  DAY_MS,
  gamma,
  HASH,
  SAYS,
  disputeStage,
} from '../../../../test/support/dispute-stage.js';
import type { DisputeDetail } from './disputes.dto.js';
import { KINDS } from './dispute-kinds.js';

const { aRecord, call, climbs, does, later, now, opened, shown } = disputeStage();

describe('permissions', () => {
  test('an operator of neither side learns nothing, an auditor reads, an admin takes no side', async () => {
    const { id, version } = await opened();
    expect(await call(gamma, 'GET', `/v1/disputes/${id}`)).toMatchObject({ status: 404 });
    expect(await does(gamma, { id, version }, 'accept')).toMatchObject({ status: 404 });
    expect((await shown(id, auditor)).history).toHaveLength(1);
    expect(await does(auditor, { id, version }, 'accept')).toMatchObject({ status: 403 });
    expect(await does(admin, { id, version }, 'accept')).toMatchObject({ status: 403 });
    expect(await does(alpha, { id, version }, 'arbitrate', { for: 'claimant', text: 'Me.' })).toMatchObject({
      status: 403,
    });
    const listed = await call<{ items: object[] }>(gamma, 'GET', '/v1/disputes');
    expect(listed.body.items).toEqual([]);
  });

  test('a side can take only its own steps, and is shown which these are', async () => {
    const dispute = await opened();
    expect((await does(beta, dispute, 'withdraw')).body).toMatchObject({
      type: 'urn:hutong:problem:forbidden',
      detail: expect.stringMatching(
        /this is for the claimant, not the respondent; .*respondent may accept/,
      ) as string,
    });
    expect((await does(alpha, dispute, 'charge-back')).body).toMatchObject({
      type: 'urn:hutong:problem:invalid',
      detail: expect.stringMatching(/now it is opened, and the claimant may request-evidence/) as string,
    });
  });

  test('a step needs the version that the side has read', async () => {
    const dispute = await opened();
    const { headers } = await call(alpha, 'GET', `/v1/disputes/${dispute.id}`);
    expect(headers.get('etag')).toBe('"1"');
    await climbs(dispute, [alpha, 'request-evidence']);
    expect(await does(beta, dispute, 'accept')).toMatchObject({ status: 412 });
    const without = await call(beta, 'POST', `/v1/disputes/${dispute.id}/accept`, SAYS);
    expect(without).toMatchObject({ status: 428 });
  });
});

describe('to open one', () => {
  test.each([
    [{ amount: '1e3' }, 'amount', /a decimal number/],
    [{ amount: '0' }, 'amount', /not zero/],
    [{ amount: '-1' }, 'amount', /more than zero/],
    [{ amount: 0.05 }, 'amount', /string/],
    [{ evidence: { text: 'half \ud800', envelopeHash: HASH } }, 'evidence.text', /halves/],
    [{ kind: 'boring' }, 'kind', /not_delivered/],
    [{ toNetwork: 'Not A Slug' }, 'toNetwork', /./],
    [{ evidence: { text: 'x', envelopeHash: 'abc' } }, 'evidence.envelopeHash', /SHA-256/],
    [{ evidence: { text: ' ', envelopeHash: HASH } }, 'evidence.text', />=1/],
    [{ reference: 'a\0b' }, 'reference', /number zero/],
    [{ evidence: { text: 'x', envelopeHash: HASH, body: 'Dear Bob' } }, 'evidence.body', /no such field/],
  ])('%j is refused, with field and rule', async (more, field, rule) => {
    const answer = await call(alpha, 'POST', '/v1/disputes', claim('reference-1', more));
    expect(answer).toMatchObject({
      status: 400,
      body: {
        type: 'urn:hutong:problem:invalid',
        errors: [{ field, rule: expect.stringMatching(rule) as string }],
      },
    });
  });

  test('the record must exist and belong to the network that asks', async () => {
    const reference = await aRecord();
    expect(await call(alpha, 'POST', '/v1/disputes', claim('nothing'))).toMatchObject({ status: 404 });
    expect(await call(gamma, 'POST', '/v1/disputes', claim(reference))).toMatchObject({ status: 404 });
  });

  test('no dispute about messages that were refused, not routed, or not for a member', async () => {
    for (const more of [{ atSwitch: true }, { complete: false }, { to: 'hub' }, { to: 'nowhere' }]) {
      const reference = await aRecord(now(), more);
      const body = claim(reference, { toNetwork: more.to ?? 'matrix' });
      expect(await call(alpha, 'POST', '/v1/disputes', body)).toMatchObject({ status: 404 });
    }
  });

  test('120 days after the message it is too late', async () => {
    const old = await aRecord(new Date(now().getTime() - 121 * DAY_MS));
    expect((await call(alpha, 'POST', '/v1/disputes', claim(old))).body).toMatchObject({
      type: 'urn:hutong:problem:invalid',
      detail: expect.stringContaining('more than 120 days') as string,
    });
  });

  test('a record has at most one open dispute, of any kind and side; after a withdrawal there can be another', async () => {
    const body = claim(await aRecord());
    const opens = (who: typeof alpha | typeof beta, more: object = {}) =>
      call<DisputeDetail>(who, 'POST', '/v1/disputes', { ...body, ...more });
    const both = await Promise.all([opens(alpha), opens(beta, { kind: 'late' })]);
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([201, 409]));
    const winner = both.findIndex(({ status }) => status === 201);
    expect(both[1 - winner]?.body).toMatchObject({ type: 'urn:hutong:problem:conflict' });
    for (const kind of KINDS)
      for (const who of [alpha, beta] as const)
        expect((await opens(who, { kind })).body).toMatchObject({ type: 'urn:hutong:problem:conflict' });
    await climbs((both[winner] as Answer<DisputeDetail>).body, [winner === 0 ? alpha : beta, 'withdraw']);
    expect((await opens(alpha)).status).toBe(201);
  });

  test('one of a kind that was decided is not opened again', async () => {
    const body = claim(await aRecord());
    const first = await call<DisputeDetail>(alpha, 'POST', '/v1/disputes', body);
    await climbs(first.body, [beta, 'accept']);
    expect(await call(alpha, 'POST', '/v1/disputes', body)).toMatchObject({ status: 409 });
    expect(await call(alpha, 'POST', '/v1/disputes', { ...body, kind: 'late' })).toMatchObject({
      status: 201,
    });
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
    const first = (await call<Page>(auditor, 'GET', path)).body;
    const rest = (await call<Page>(auditor, 'GET', `${path}&cursor=${first.next}`)).body;
    expect([...first.items, ...rest.items].map(({ id }) => id).slice(0, 3)).toEqual(made);
    const others = await call<Page>(auditor, 'GET', '/v1/disputes?network=fetion');
    expect(others.body.items).toEqual([]);
    const asked = await call<Page>(alpha, 'GET', '/v1/disputes?network=fetion');
    expect(asked.body.items).toEqual([]);
  });

  const forged = (key: unknown) => Buffer.from(JSON.stringify(key)).toString('base64url');
  test.each([
    'nonsense',
    forged(['x', 'y']),
    forged(['0000-01-01T00:00:00Z', '00000000-0000-4000-8000-000000000000']),
    forged([]),
  ])('cursor %s is refused', async (cursor) => {
    expect(await call(alpha, 'GET', `/v1/disputes?cursor=${cursor}`)).toMatchObject({
      status: 400,
      body: { type: 'urn:hutong:problem:invalid' },
    });
  });
});
