/** Members, agreements and money: who may change what, and what is published for the switch. */
import { network, type Registry } from '#protocol';
import { ConsoleFixture, FIRST_ADMIN, SECOND_ADMIN } from '../../../../test/support/console-fixture.js';
import { until } from '../../../../test/support/hub-fixture.js';

let house: ConsoleFixture;
const reason = 'a test';
const everything = { from: '*', to: '*', classes: ['message', 'media'], validFrom: '2026-01-01T00:00:00Z' };

beforeAll(async () => {
  house = await ConsoleFixture.open();
  // consent.int-spec.ts tests confirmations. Here both operators accept everything by a rule.
  await house.acceptAll(house.keys.operator);
  await house.acceptAll(await house.key('matrix people', 'operator', 'matrix'));
});
afterAll(() => house?.close(), 60_000);

async function propose(method: string, path: string, body: object, headers = {}): Promise<string> {
  const answer = await house.call<{ id: string }>(FIRST_ADMIN, method, path, body, headers);
  expect(answer).toMatchObject({ status: 202, body: { state: 'proposed' } });
  return answer.body.id;
}
async function agreed(method: string, path: string, body: object, headers = {}): Promise<void> {
  const id = await propose(method, path, body, headers);
  expect((await house.approve(id)).status).toBe(200);
}
const snapshot = (): Promise<Registry> => house.hub.registry();
const list = async (path: string) =>
  (await house.call<{ items: Record<string, unknown>[]; next: string | null }>(FIRST_ADMIN, 'GET', path))
    .body;

describe('a change of money or routes', () => {
  test('needs two people: the proposer cannot approve it, and nothing changes before the approval', async () => {
    const id = await propose('POST', '/v1/agreements', { terms: everything, reason });
    expect((await list('/v1/agreements')).items).toEqual([]);
    expect(
      (await house.call(FIRST_ADMIN, 'POST', `/v1/changes/${id}/approve`, { reason })).body,
    ).toMatchObject({
      type: 'urn:hutong:problem:forbidden',
      detail: expect.stringContaining('another admin than the one who proposed it') as string,
    });
    const ofTheirOwn = { name: 'a key of their own', reason };
    const child = await house.call<{ id: string; key: string }>(FIRST_ADMIN, 'POST', '/v1/keys', ofTheirOwn);
    // Also not with a key that was revoked, or as a person whom the proposer added today.
    const grandchild = await house.call<{ key: string }>(child.body.key, 'POST', '/v1/keys', ofTheirOwn);
    const revoked = await house.call(FIRST_ADMIN, 'DELETE', `/v1/keys/${child.body.id}`, {
      reason,
      withDerived: false,
    });
    expect(revoked.status).toBe(204);
    const newcomer = await house.key('somebody new', 'admin');
    for (const key of [grandchild.body.key, newcomer])
      expect((await house.call(key, 'POST', `/v1/changes/${id}/approve`, { reason })).body).toMatchObject({
        type: 'urn:hutong:problem:forbidden',
      });
    expect((await house.approve(id)).body).toMatchObject({
      state: 'applied',
    });
    expect((await list('/v1/agreements')).items).toMatchObject([{ from: '*', to: '*', version: 1 }]);
    expect((await snapshot()).agreements).toMatchObject([
      { from: '*', to: '*', classes: ['message', 'media'] },
    ]);
    expect(
      (await house.call(SECOND_ADMIN, 'POST', `/v1/changes/${id}/reject`, { reason })).body,
    ).toMatchObject({
      type: 'urn:hutong:problem:conflict',
    });
  });

  test('two agreements of one pair are never in force at once', async () => {
    expect(
      (await house.call(FIRST_ADMIN, 'POST', '/v1/agreements', { terms: everything, reason })).body,
    ).toMatchObject({
      status: 409,
      type: 'urn:hutong:problem:conflict',
    });
  });

  test('a change of an old version is refused', async () => {
    const [{ id }] = (await list('/v1/agreements')).items as [{ id: string }];
    const path = `/v1/agreements/${id}`;
    const body = { terms: { ...everything, classes: ['message'] }, reason };
    expect((await house.call(FIRST_ADMIN, 'PUT', path, body)).status).toBe(428);
    expect((await house.call(FIRST_ADMIN, 'PUT', path, body, { 'if-match': '"7"' })).status).toBe(412);
    const etag = (await house.call(FIRST_ADMIN, 'GET', path)).headers.get('etag') ?? '';
    expect(etag).toBe('"1"');
    const stale = await propose('PUT', path, { ...body, terms: everything }, { 'if-match': etag });
    await agreed('PUT', path, body, { 'if-match': etag });
    expect((await house.approve(stale)).body).toMatchObject({
      type: 'urn:hutong:problem:conflict',
      detail: expect.stringContaining('read it and propose again') as string,
    });
    expect((await list('/v1/agreements')).items).toMatchObject([{ classes: ['message'], version: 2 }]);
  });

  test('tariffs, routes and the phase, each in the snapshot or in the tariff book', async () => {
    const terms = {
      from: 'xmpp',
      to: 'matrix',
      class: 'message',
      validFrom: '2199-12-01T00:00:00+08:00',
      terminationFee: '0.03',
      switchFee: '0.001',
    };
    await agreed('POST', '/v1/tariffs', { terms, reason });
    expect((await list('/v1/tariffs')).items).toMatchObject([
      { terminationFee: '0.03', switchFee: '0.001', unit: 'message' },
    ]);
    await agreed('POST', '/v1/routes', { terms: { kind: 'prefix', key: '86139', network: 'xmpp' }, reason });
    const seen = { 'if-match': (await house.call(FIRST_ADMIN, 'GET', '/v1/phase')).etag ?? '' };
    expect(seen).toEqual({ 'if-match': '"0"' });
    const overtaken = await propose('PUT', '/v1/phase', { terms: { phase: 'mesh' }, reason }, seen);
    await agreed('PUT', '/v1/phase', { terms: { phase: 'anchor', anchor: 'matrix' }, reason }, seen);
    expect((await house.approve(overtaken)).body).toMatchObject({ type: 'urn:hutong:problem:conflict' });
    expect(await snapshot()).toMatchObject({
      phase: { phase: 'anchor', anchor: 'matrix' },
      routes: [{ kind: 'prefix', key: '86139', network: 'xmpp' }],
    });
    await agreed('DELETE', '/v1/routes', {
      terms: { kind: 'prefix', key: '86139', network: 'xmpp' },
      reason,
    });
    expect((await snapshot()).routes).toEqual([]);
  });

  test.each([
    ['/v1/agreements', { terms: { ...everything, from: 'nobody' }, reason }, 'nobody'],
    ['/v1/agreements', { terms: { ...everything, classes: ['gossip'] }, reason }, 'terms.classes.0'],
    [
      '/v1/agreements',
      { terms: { ...everything, validTo: '2025-01-01T00:00:00Z' }, reason },
      'terms.validTo',
    ],
    ['/v1/agreements', { terms: everything }, 'reason'],
    [
      '/v1/tariffs',
      { terms: { ...everything, class: 'sms', terminationFee: '0,03', switchFee: '0' }, reason },
      'terms.terminationFee',
    ],
    ['/v1/routes', { terms: { kind: 'prefix', key: '+86', network: 'xmpp' }, reason }, 'terms.key'],
  ])('%s %j is refused, with the field and the rule', async (path, body, field) => {
    const before = await list('/v1/changes');
    const answer = await house.call<{ detail: string }>(FIRST_ADMIN, 'POST', path, body);
    expect(answer).toMatchObject({
      type: expect.stringContaining('problem+json') as string,
      status: 400,
      body: { type: 'urn:hutong:problem:invalid' },
    });
    expect(answer.body.detail).toContain(field);
    expect(await list('/v1/changes')).toEqual(before);
  });
});

describe('members', () => {
  const move = (action: string, body: object = { reason }, key = FIRST_ADMIN, slug = 'feiliao') =>
    house.call<{ status: string; detail: string }>(key, 'POST', `/v1/networks/${slug}/${action}`, body);

  let feiliao: string;

  test('an applicant is approved, goes live, and leaves; each step stands in the audit log', async () => {
    await house.call(FIRST_ADMIN, 'POST', '/v1/operators', {
      id: 'cmcc',
      name: 'China Mobile',
      contact: 'noc@example.cn',
      reason,
    });
    const applied = {
      network: 'feiliao',
      name: 'Feiliao',
      operator: 'cmcc',
      state: 'applied',
      test: true,
      reason,
    };
    expect((await house.call(FIRST_ADMIN, 'POST', '/v1/networks', applied)).body).toMatchObject({
      status: 'applied',
      operator: 'cmcc',
    });
    expect((await move('enable')).body).toMatchObject({
      detail: 'a network that is applied cannot enable; it can approve, remove',
    });
    expect((await move('approve')).body).toMatchObject({ status: 'approved' });
    expect((await move('enable')).body).toMatchObject({ status: 'live' });
    feiliao = await house.key('feiliao people', 'operator', 'feiliao');
    expect((await move('leave', { at: '2020-01-01T00:00:00Z', reason }, feiliao)).body).toMatchObject({
      detail: expect.stringContaining('at:') as string,
    });
    const { items } = await list('/v1/audit?subject=network/feiliao');
    expect(items.map(({ action }) => action)).toEqual([
      'network.registered',
      'network.approve',
      'network.enable',
    ]);
    expect(items[2]).toMatchObject({
      reason,
      change: { from: 'approved', to: 'live' },
      actor: expect.stringContaining('first admin') as string,
    });
  });

  test('when it leaves, everybody who wrote to or from it is notified once, in time; then it is removed', async () => {
    const [ann, bob] = ['im:ann@feiliao', 'im:bob@xmpp'];
    const wrote = (id: number, from: string, to: string, stage: string, at: string, days: number) =>
      house.sql(
        `INSERT INTO checkpoint (id, event_id, stage, network, kind, conversation, from_address, to_address, code, at)
         VALUES ($1, $1, $4, $5, 'message', 'c', $2, $3, '00', now() - make_interval(days => $6))`,
        [`leaving-${id}`, from, to, stage, at, days],
      );
    await wrote(1, ann, bob, 'accepted', 'feiliao', 2);
    await wrote(2, ann, bob, 'accepted', 'feiliao', 3);
    // Accepted as a message to a number; it was routed to ann.
    await wrote(3, bob, 'im:%2B8613800138000@tel', 'accepted', 'xmpp', 29);
    await wrote(4, bob, ann, 'routed', 'feiliao', 29);
    await wrote(5, 'im:old@xmpp', ann, 'routed', 'feiliao', 31);
    await wrote(6, 'im:other@xmpp', 'im:eve@matrix', 'accepted', 'xmpp', 1);
    // Refused by the switch: it was not delivered.
    await wrote(7, 'im:refused@xmpp', ann, 'accepted', 'xmpp', 1);
    const told: string[] = [];
    house.hub.link.session?.nc.subscribe('hub.out.*.*', {
      callback: (_, message) => {
        const { to, text } = message.json<{ data: { to: string; text?: { en: string } } }>().data;
        told.push(`${to} ${text?.en ?? ''}`);
      },
    });
    const at = new Date(Date.now() + 3600_000);
    const leaving = { at: at.toISOString(), notice: 'Goodbye.', reason };
    expect((await move('leave', leaving, feiliao)).body).toMatchObject({ status: 'leaving' });
    expect((await move('leave/notice/approve')).body).toMatchObject({ noticeState: 'approved' });
    await until('both to be notified', () => told.length >= 2);
    const words = `Feiliao leaves the exchange on ${at.toISOString().slice(0, 16).replace('T', ' ')} UTC. From then on messages to and from it no longer arrive. Goodbye.`;
    expect(told.sort()).toEqual([`${ann} ${words}`, `${bob} ${words}`]);
    expect((await snapshot()).members.find((member) => member.network === network('feiliao'))).toMatchObject({
      status: 'leaving',
      leavesAt: at.toISOString(),
    });
    // Its date comes.
    await house.sql(`UPDATE network SET leaves_at = now() WHERE slug = 'feiliao'`);
    await house.sql(`UPDATE departure SET leaves_at = now() WHERE network = 'feiliao'`);
    await until(
      'it to be gone',
      async () =>
        (await house.call<{ status: string }>(FIRST_ADMIN, 'GET', '/v1/networks/feiliao')).body.status ===
        'gone',
    );
    expect(told).toHaveLength(2);
    expect((await list('/v1/audit?subject=network/feiliao')).items.at(-1)).toMatchObject({
      actor: 'hub',
      action: 'network.remove',
    });
  });

  test('can be edited only with its newest version', async () => {
    const path = '/v1/networks/matrix';
    const etag = (await house.call(FIRST_ADMIN, 'GET', path)).headers.get('etag') ?? '';
    const edit = (ifMatch: string, operator: string | null) =>
      house.call(
        FIRST_ADMIN,
        'PUT',
        path,
        { name: 'Matrix', operator, test: true, reason },
        { 'if-match': ifMatch },
      );
    expect((await edit(etag, 'nobody')).body).toMatchObject({
      type: 'urn:hutong:problem:invalid',
      detail: 'operator: nobody is not registered',
    });
    expect((await edit(etag, 'cmcc')).body).toMatchObject({ operator: 'cmcc', test: true });
    expect((await edit(etag, null)).status).toBe(412);
  });

  test('an operator can make only its own network leave, and suspend no other', async () => {
    const leave = { at: '2099-01-01T00:00:00Z', reason };
    expect((await move('leave', leave, house.keys.operator, 'matrix')).status).toBe(404);
    expect((await move('suspend', { reason }, house.keys.operator, 'xmpp')).status).toBe(403);
  });
});

describe('the audit log', () => {
  test('is whole, in pages as at once', async () => {
    const { body } = await house.call(FIRST_ADMIN, 'GET', '/v1/audit/verify');
    const first = await list('/v1/audit?limit=3');
    const rest = await list(`/v1/audit?limit=200&cursor=${first.next}`);
    expect([...first.items, ...rest.items]).toHaveLength(Number(body['entries']));
    expect(rest.items.at(-1)).toMatchObject({ hash: body['root'] });
  });

  test('cannot be changed or shortened in the database by ordinary means', async () => {
    await house.sql("UPDATE audit SET reason = 'nothing happened'");
    await house.sql('DELETE FROM audit');
    expect((await house.call(FIRST_ADMIN, 'GET', '/v1/audit/verify')).body).not.toHaveProperty('broken');
  });

  test('shows where it was changed by other means', async () => {
    await house.sql('DROP RULE audit_is_not_changed ON audit');
    await house.sql("UPDATE audit SET reason = 'nothing happened' WHERE seq = 4");
    expect((await house.call(FIRST_ADMIN, 'GET', '/v1/audit/verify')).body).toMatchObject({ broken: 4 });
  });
});
