/** Abuse reports between north, south and east: who reports, who sees the report, what follows. Real PostgreSQL and bus. */
import type { Registry } from '#protocol';
import { FIRST_ADMIN as ADMIN_KEY, ConsoleFixture } from '../../../../test/support/console-fixture.js';

let it: ConsoleFixture;
let north: string;
let south: string;
let east: string;

beforeAll(async () => {
  it = await ConsoleFixture.of(['north', 'south', 'east']);
  [north, south, east] = ['north', 'south', 'east'].map((slug) => it.operators[slug] ?? '') as [
    string,
    string,
    string,
  ];
});
afterAll(() => it?.close(), 60_000);

const registry = (): Promise<Registry> => it.hub.registry();

interface Report {
  id: string;
  reporterNetwork: string | null;
  accused: string;
  note: string;
  answer: { action: string } | null;
}
const reports = async (key: string, role: string): Promise<Report[]> =>
  (await it.call<{ items: Report[] }>(key, 'GET', `/v1/abuse-reports?role=${role}`)).body.items;

describe('a report of abuse', () => {
  const report = { accused: 'im:eve@south', category: 'spam', note: 'pills, again' };

  test('is answered alike, whether there is such a person, or such a network, or not', async () => {
    const [there, nobody, nowhere] = await Promise.all(
      ['im:eve@south', 'im:no-such-person@south', 'im:eve@no-such-network'].map((accused) =>
        it.call(north, 'POST', '/v1/abuse-reports', { ...report, accused }),
      ),
    );
    const shape = {
      status: 202,
      body: { id: expect.any(String) as string, status: 'received', dueAt: expect.any(String) as string },
    };
    for (const answer of [there, nobody, nowhere]) expect(answer).toMatchObject(shape);
    expect(Object.keys(nowhere?.body ?? {})).toEqual(Object.keys(there?.body ?? {}));
  });

  test('is seen by the two networks, by nobody else, and by the accused’s without who made it', async () => {
    expect(await reports(south, 'accused')).toContainEqual(
      expect.objectContaining({ accused: 'im:eve@south', note: 'pills, again', reporterNetwork: null }),
    );
    expect(await reports(north, 'reporter')).toHaveLength(3);
    expect((await reports(north, 'reporter'))[0]?.reporterNetwork).toBe('north');
    expect(await reports(north, 'accused')).toEqual([]);
    expect(await reports(south, 'reporter')).toEqual([]);
    expect([...(await reports(east, 'accused')), ...(await reports(east, 'reporter'))]).toEqual([]);
    expect(await reports(ADMIN_KEY, 'accused')).toHaveLength(3);
  });

  test('is answered by the home network alone, and once', async () => {
    const id = (await reports(south, 'accused')).find(({ accused }) => accused === 'im:eve@south')?.id ?? '';
    const answer = { action: 'suspended', note: 'closed' };
    const path = `/v1/abuse-reports/${id}/answer`;
    expect((await it.call(east, 'POST', path, answer)).status).toBe(404);
    expect((await it.call(north, 'POST', path, answer)).status).toBe(404);
    expect((await it.call(south, 'POST', path, answer)).status).toBe(200);
    expect((await it.call(south, 'POST', path, { ...answer, action: 'none' })).status).toBe(409);
    expect((await reports(north, 'reporter')).find((one) => one.id === id)?.answer?.action).toBe('suspended');
  });

  test('about one’s own subscriber is no business of the switch', async () => {
    const own = { ...report, accused: 'im:bob@north' };
    expect((await it.call(north, 'POST', '/v1/abuse-reports', own)).status).toBe(400);
  });

  test('comes in pages', async () => {
    const first = await it.call<{ items: Report[]; next: string }>(
      north,
      'GET',
      '/v1/abuse-reports?role=reporter&limit=2',
    );
    const second = await it.call<{ items: Report[]; next: string | null }>(
      north,
      'GET',
      `/v1/abuse-reports?role=reporter&limit=2&cursor=${first.body.next}`,
    );
    const ids = [...first.body.items, ...second.body.items].map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    expect(second.body.next).toBeNull();
  });
});

describe('block lists', () => {
  test('an operator blocks for its own network, two admins for all; the switch hears of both at once', async () => {
    const own = await it.call<{ id: string }>(north, 'POST', '/v1/blocked', { address: 'im:eve@south' });
    expect(own).toMatchObject({ status: 201, body: { network: 'north' } });
    const proposed = await it.call<{ id: string }>(ADMIN_KEY, 'POST', '/v1/blocked', {
      address: 'im:mal@south',
    });
    expect(proposed).toMatchObject({ status: 202, body: { state: 'proposed' } });
    expect((await registry()).blocked).toEqual([{ address: 'im:eve@south', network: 'north' }]);
    expect(await it.approve(proposed.body.id)).toMatchObject({ body: { state: 'applied' } });
    const listed = await it.call<{ items: { id: string; network: string | null }[] }>(
      ADMIN_KEY,
      'GET',
      '/v1/blocked',
    );
    const all = listed.body.items.find(({ network }) => network === null);
    expect((await registry()).blocked).toEqual([
      { address: 'im:eve@south', network: 'north' },
      { address: 'im:mal@south' },
    ]);
    expect((await it.call(north, 'POST', '/v1/blocked', { address: 'im:eve@south' })).status).toBe(409);
    expect((await it.call(north, 'DELETE', `/v1/blocked/${all?.id}`)).status).toBe(404);
    expect((await it.call(east, 'DELETE', `/v1/blocked/${own.body.id}`)).status).toBe(404);
    expect((await it.call(east, 'GET', '/v1/blocked')).body).toEqual({ items: [], next: null });
    const { body } = await it.call<{ items: object[] }>(it.auditor, 'GET', '/v1/blocked');
    expect(body.items).toHaveLength(2);
    expect((await it.call(north, 'DELETE', `/v1/blocked/${own.body.id}`)).status).toBe(204);
    expect((await registry()).blocked).toEqual([{ address: 'im:mal@south' }]);
  });

  test('an operator cannot block a person for other networks', async () => {
    const body = { address: 'im:eve@south' };
    expect((await it.call(north, 'POST', '/v1/blocked', { ...body, network: 'east' })).status).toBe(404);
    expect((await it.call(north, 'POST', '/v1/blocked', { ...body, network: null })).status).toBe(403);
  });
});

describe('stand-in', () => {
  test('its own operator sets it, if it has seen what it changes; it is in the registry and the audit log', async () => {
    const path = '/v1/networks/south/stand-in';
    const read = await it.call(south, 'GET', path);
    expect(read).toMatchObject({ status: 200, body: { hours: 48, messages: 100_000 } });
    const change = { hours: 2, messages: 50, reason: 'small disks' };
    expect((await it.call(south, 'PUT', path, change)).status).toBe(428);
    const match = { 'if-match': read.etag ?? '' };
    expect((await it.call(north, 'PUT', path, change, match)).status).toBe(404);
    const written = await it.call(south, 'PUT', path, change, match);
    expect(written).toMatchObject({ status: 200, body: { hours: 2, messages: 50 } });
    expect(written.etag).not.toBe(read.etag);
    expect((await it.call(south, 'PUT', path, change, match)).status).toBe(412);
    const member = (await registry()).members.find(({ network }) => network === 'south');
    expect(member?.standIn).toEqual({ hours: 2, messages: 50 });
    expect(await audited('stand-in.changed')).toMatchObject([
      { subject: 'network/south', reason: 'small disks', change: { hours: 2, messages: 50 } },
    ]);
  });
});

function audited(action: string): Promise<{ subject: string; reason: string; change: unknown }[]> {
  return it.database.query('SELECT * FROM audit WHERE action = $1 ORDER BY seq', [action]);
}
