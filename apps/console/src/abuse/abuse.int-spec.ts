/** North, south and east: who reports whom, who sees it, and what comes of it. On a real PostgreSQL and a real bus. */
import type { Registry, RiskLevel } from '#protocol';
import { FIRST_ADMIN as ADMIN_KEY, ConsoleFixture } from '../../../../test/support/console-fixture.js';
import { AuditService } from '../audit/audit.service.js';
import type { ConsoleBus } from '../console-bus.js';
import { RegistryPublisher } from '../registry/registry-publisher.js';
import { RegistryService } from '../registry/registry.service.js';
import { RiskService } from './risk.service.js';

const HOUR_MS = 3600_000;
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
  test('an operator blocks for its own network, an admin for all; the switch hears of both at once', async () => {
    const own = await it.call<{ id: string }>(north, 'POST', '/v1/blocked', { address: 'im:eve@south' });
    expect(own).toMatchObject({ status: 201, body: { network: 'north' } });
    const all = await it.call<{ id: string }>(ADMIN_KEY, 'POST', '/v1/blocked', { address: 'im:mal@south' });
    expect(all).toMatchObject({ status: 201, body: { network: null } });
    expect((await registry()).blocked).toEqual([
      { address: 'im:eve@south', network: 'north' },
      { address: 'im:mal@south' },
    ]);
    expect((await it.call(north, 'POST', '/v1/blocked', { address: 'im:eve@south' })).status).toBe(409);
    expect((await it.call(north, 'DELETE', `/v1/blocked/${all.body.id}`)).status).toBe(404);
    expect((await it.call(east, 'DELETE', `/v1/blocked/${own.body.id}`)).status).toBe(404);
    expect((await it.call(east, 'GET', '/v1/blocked')).body).toEqual({ items: [], next: null });
    const { body } = await it.call<{ items: object[] }>(it.auditor, 'GET', '/v1/blocked');
    expect(body.items).toHaveLength(2);
    expect((await it.call(north, 'DELETE', `/v1/blocked/${own.body.id}`)).status).toBe(204);
    expect((await registry()).blocked).toEqual([{ address: 'im:mal@south' }]);
  });

  test('an operator blocks nobody for others', async () => {
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

describe('complaints', () => {
  const now = Date.now();
  let risks: RiskService;
  const judge = (afterMs: number) => risks.judge(new Date(now + afterMs));
  const riskOf = async (network: string): Promise<RiskLevel | undefined> =>
    (await registry()).members.find((member) => member.network === network)?.risk;

  /** East's people wrote so many messages to north, and they arrived. */
  async function delivered(count: number, tag: string, at: Date): Promise<void> {
    for (const stage of ['routed', 'delivered']) await checkpoints(count, tag, stage, at);
  }
  async function checkpoints(count: number, tag: string, stage: string, at: Date): Promise<void> {
    await it.database.query(
      `INSERT INTO checkpoint SELECT $2 || ':' || $4 || n, $2 || '-message-' || n, $4, 'north', 'message', 'c',
         'im:eve@east', 'im:bob@north', '00', NULL, $3 FROM generate_series(1, $1::int) n`,
      [count, tag, at, stage],
    );
  }
  async function complain(count: number, tag: string): Promise<void> {
    for (let n = 1; n <= count; n++) {
      const body = { accused: 'im:eve@east', reference: `${tag}-message-${n}`, category: 'spam' };
      expect((await it.call(north, 'POST', '/v1/abuse-reports', body)).status).toBe(202);
    }
  }

  beforeAll(() => {
    const bus = { link: it.hub.link } as ConsoleBus;
    const registry = new RegistryService(it.database, bus, new RegistryPublisher(it.database, bus));
    risks = new RiskService(it.database, new AuditService(it.database), registry);
  });

  test('that name no message which the switch sent on do not count: nobody is stopped by words alone', async () => {
    await delivered(2000, 'first', new Date(now));
    // The reporter's own adapter says so, and nobody else.
    await checkpoints(500, 'invented', 'delivered', new Date(now));
    for (const reference of [null, 'never-sent-message', 'first-message-1', 'invented-message-1']) {
      const accused = reference === 'first-message-1' ? 'im:another@east' : 'im:eve@east';
      await it.call(north, 'POST', '/v1/abuse-reports', { accused, reference, category: 'spam' });
    }
    expect(await judge(0)).toEqual([]);
    expect((await it.call(east, 'GET', '/v1/networks/east/risk')).body).toMatchObject({
      risk: 'normal',
      sentOn: 2000,
      complaints: 0,
      unproven: 4,
    });
  });

  test('step a network down, one step at a time, in the registry and in the audit log', async () => {
    await complain(4, 'first');
    // The same message again is the same complaint.
    await complain(2, 'first');
    expect(await judge(1000)).toEqual(['east']);
    expect(await riskOf('east')).toBe('warned');
    expect(await judge(2000)).toEqual([]);
    expect((await it.call(east, 'GET', '/v1/networks/east/risk')).body).toMatchObject({
      risk: 'warned',
      complaints: 4,
      perThousand: 2,
      explanation: expect.stringContaining('throttled from 3 per thousand on') as string,
    });
    expect(await audited('network.risk')).toMatchObject([
      { subject: 'network/east', change: { from: 'normal', to: 'warned' } },
    ]);
  });

  test('count double when nobody answers in time', async () => {
    expect(await judge(73 * HOUR_MS)).toEqual(['east']);
    expect(await riskOf('east')).toBe('throttled');
  });

  test('and the network comes back, a step a day, when they have aged', async () => {
    expect(await judge(9 * 24 * HOUR_MS)).toEqual(['east']);
    expect(await riskOf('east')).toBe('warned');
    expect(await judge(9 * 24 * HOUR_MS + HOUR_MS)).toEqual([]);
    expect(await judge(10 * 24 * HOUR_MS)).toEqual(['east']);
    expect(await riskOf('east')).toBe('normal');
    expect(await new AuditService(it.database).verify()).not.toHaveProperty('broken');
  });

  test('a network does not see how another stands', async () => {
    expect((await it.call(north, 'GET', '/v1/networks/east/risk')).status).toBe(404);
  });
});
