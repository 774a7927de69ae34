/** Changes that need two people: one admin alone cannot make them, whatever keys and people they add. */
import { GOVERNED_KINDS, type GovernedKind } from './governed-changes.js';
import {
  ConsoleFixture,
  FIRST_ADMIN,
  SECOND_ADMIN,
  type Answer,
} from '../../../../test/support/console-fixture.js';
import { newKey } from '../../../../test/support/people.js';
import { secondFactorOf } from '../../../../test/support/second-factor.js';

let house: ConsoleFixture;
let call: ConsoleFixture['call'];
const reason = 'a test';
const WHO = 'im:alice@xmpp';
const LINK = { number: '+8613800138000', address: WHO };

interface Listed {
  items: { id: string; name: string; mail?: string; person?: string; role?: string }[];
}

beforeAll(async () => {
  house = await ConsoleFixture.open();
  ({ call } = house);
});
afterAll(() => house?.close(), 60_000);

async function personNamed(name: string): Promise<string> {
  const { body } = await call<Listed>(FIRST_ADMIN, 'GET', '/v1/people?limit=200');
  const found = body.items.find((person) => person.name === name);
  if (!found) throw new Error(`nobody is called ${name}`);
  return found.id;
}
async function keyOf(person: string): Promise<string> {
  const { body } = await call<Listed>(FIRST_ADMIN, 'GET', '/v1/keys?limit=200');
  return body.items.find((key) => key.person === person)?.id ?? '';
}
async function aLink(): Promise<void> {
  await house.sql(
    `INSERT INTO link (number, address, preferred, findable, since) VALUES (8613800138000, $1, true, true, now())
     ON CONFLICT DO NOTHING`,
    [WHO],
  );
}
/** An admin who was added so long ago that they do not count as one with the person who proposed them. */
async function settled(name: string): Promise<string> {
  const key = await house.key(name, 'admin');
  await house.sql(`UPDATE person SET created_at = now() - interval '2 days' WHERE name = $1`, [name]);
  await house.sql(`UPDATE api_key SET created_at = now() - interval '2 days' WHERE name = $1`, [name]);
  return key;
}

interface Act {
  ask: () => Promise<Answer<{ id: string; state: string }>>;
  /** Whether the change is applied. */
  done: () => Promise<boolean>;
}

/** One request for each kind of change. The first test fails if a kind is missing. */
const ACTS: Record<GovernedKind, () => Promise<Act>> = {
  'person.add': async () => {
    const terms = { name: 'Xu', mail: 'xu@example.org', roles: ['operator'], network: 'xmpp' };
    return {
      ask: () => call(FIRST_ADMIN, 'POST', '/v1/people', { terms, reason }),
      done: async () => (await house.sql(`SELECT 1 FROM person WHERE mail = 'xu@example.org'`)).length > 0,
    };
  },
  'person.roles': async () => {
    await house.key('a reader', 'auditor');
    const id = await personNamed('a reader');
    return {
      ask: () =>
        call(
          FIRST_ADMIN,
          'PUT',
          `/v1/people/${id}/roles`,
          { roles: ['admin'], reason },
          { 'if-match': '"1"' },
        ),
      done: async () =>
        (await house.sql(`SELECT 1 FROM person WHERE id = $1 AND 'admin' = ANY (roles)`, [id])).length > 0,
    };
  },
  'person.disable': async () => {
    const key = await settled('an admin to go');
    const id = await personNamed('an admin to go');
    return {
      ask: () => call(FIRST_ADMIN, 'POST', `/v1/people/${id}/disable`, { reason }),
      done: async () => (await call(key, 'GET', '/v1/me')).status === 401,
    };
  },
  'person.second-factor-reset': async () => {
    const key = await house.key('without a device', 'auditor');
    const id = await personNamed('without a device');
    await secondFactorOf(house, key, 'a password of theirs');
    return {
      ask: () => call(FIRST_ADMIN, 'POST', `/v1/people/${id}/second-factor/reset`, { reason }),
      done: async () =>
        (await house.sql('SELECT 1 FROM second_factor WHERE person_id = $1', [id])).length === 0,
    };
  },
  'key.issue': async () => {
    const { key, sha256 } = newKey();
    const person = await personNamed('xmpp people');
    return {
      ask: () => call(FIRST_ADMIN, 'POST', '/v1/keys', { person, name: 'theirs', sha256, reason }),
      done: async () => (await call(key, 'GET', '/v1/me')).status === 200,
    };
  },
  'key.revoke': async () => {
    const key = await settled('an admin without key');
    const id = await keyOf(await personNamed('an admin without key'));
    return {
      ask: () => call(FIRST_ADMIN, 'DELETE', `/v1/keys/${id}`, { reason }),
      done: async () => (await call(key, 'GET', '/v1/me')).status === 401,
    };
  },
  'day.close': async () => ({
    ask: () => call(FIRST_ADMIN, 'POST', '/v1/business-days/2026-03-01/close', { force: true }),
    // No clearing runs here: the approval asks it and fails. settlement.e2e tests the close.
    done: () => Promise.resolve(false),
  }),
  'payment.record': async () => {
    await house.sql(`INSERT INTO business_day (date) VALUES ('2026-03-01') ON CONFLICT DO NOTHING`);
    await house.sql(`INSERT INTO position VALUES ('2026-03-01', 'xmpp', -1000000)`);
    const terms = { party: 'xmpp', amount: '-1', paidOn: '2026-03-02', reference: 'a bank' };
    return {
      ask: () => call(FIRST_ADMIN, 'POST', '/v1/business-days/2026-03-01/payments', { terms, reason }),
      done: async () => (await house.sql('SELECT 1 FROM payment')).length > 0,
    };
  },
  'operator.billing': async () => {
    const operator = { id: 'cmcc', name: 'China Mobile', contact: 'noc@example.cn', reason };
    await call(FIRST_ADMIN, 'POST', '/v1/operators', operator);
    const terms = { legalName: { zh: '中国移动', en: null }, account: '招商银行 1' };
    return {
      ask: () =>
        call(FIRST_ADMIN, 'PUT', '/v1/operators/cmcc/billing', { terms, reason }, { 'if-match': '"1"' }),
      done: async () => (await house.sql(`SELECT 1 FROM operator WHERE account = '招商银行 1'`)).length > 0,
    };
  },
  'block.add': () =>
    Promise.resolve({
      ask: () => call(FIRST_ADMIN, 'POST', '/v1/blocked', { address: WHO, network: 'matrix', reason }),
      done: async () => (await house.sql('SELECT 1 FROM blocked WHERE address = $1', [WHO])).length > 0,
    }),
  'block.remove': async () => {
    const [block] = await house.sql<{ id: string }>(
      `INSERT INTO blocked VALUES (gen_random_uuid(), 'im:eve@matrix', NULL, 'a test', now()) RETURNING id`,
    );
    return {
      ask: () => call(FIRST_ADMIN, 'DELETE', `/v1/blocked/${block?.id}`),
      done: async () =>
        (await house.sql(`SELECT 1 FROM blocked WHERE address = 'im:eve@matrix'`)).length === 0,
    };
  },
  'consent.set': async () => {
    const consent = { address: WHO, reach: 'nobody', contacts: [], blocked: [] };
    const etag = async () =>
      (await call(FIRST_ADMIN, 'GET', `/v1/subscribers/consent?address=${WHO}`)).etag ?? '';
    return {
      ask: async () =>
        call(FIRST_ADMIN, 'PUT', '/v1/subscribers/consent', consent, { 'if-match': await etag() }),
      done: async () =>
        (await house.sql(`SELECT 1 FROM consent WHERE address = $1 AND reach = 'nobody'`, [WHO])).length > 0,
    };
  },
  'link.change': async () => {
    await aLink();
    return {
      ask: () => call(FIRST_ADMIN, 'PATCH', '/v1/subscribers/links', { ...LINK, findable: false }),
      done: async () => (await house.sql('SELECT 1 FROM link WHERE NOT findable')).length > 0,
    };
  },
  'link.remove': async () => {
    await aLink();
    const query = `number=${encodeURIComponent(LINK.number)}&address=${WHO}`;
    return {
      ask: () => call(FIRST_ADMIN, 'DELETE', `/v1/subscribers/links?${query}`),
      done: async () => (await house.sql('SELECT 1 FROM link')).length === 0,
    };
  },
};

const kinds = [...GOVERNED_KINDS] as GovernedKind[];

describe.each(kinds)('%s', (kind) => {
  test('is only proposed by one admin, and approved by none of their keys; another admin gets it done', async () => {
    const { ask, done } = await ACTS[kind]();
    const proposal = await ask();
    expect(proposal).toMatchObject({ status: 202, body: { state: 'proposed' } });
    expect(await done()).toBe(false);
    const approve = (key: string) => call(key, 'POST', `/v1/changes/${proposal.body.id}/approve`, { reason });
    for (const key of await keysOfOneAdmin()) expect((await approve(key)).status).toBe(403);
    expect(await done()).toBe(false);
    const approved = await approve(SECOND_ADMIN);
    // Clearing, which would close the day, does not run.
    expect(approved.status).toBe(kind === 'day.close' ? 503 : 200);
    expect(await done()).toBe(kind !== 'day.close');
  });
});

/** The key, a second key, a key that the second one made, and a key of a person whom they added today. */
async function keysOfOneAdmin(): Promise<string[]> {
  const body = { name: 'another', reason };
  const second = (await call<{ key: string }>(FIRST_ADMIN, 'POST', '/v1/keys', body)).body.key;
  const third = (await call<{ key: string }>(second, 'POST', '/v1/keys', body)).body.key;
  const added = await house.key(`newcomer ${third.slice(-6)}`, 'admin');
  return [FIRST_ADMIN, second, third, added];
}

describe('an operator', () => {
  test('has a key issued to a colleague of the same network at once, and to nobody else; the network is notified', async () => {
    await house.key('a colleague', 'operator', 'xmpp');
    await house.key('a rival', 'operator', 'matrix');
    const issue = async (name: string) =>
      call<{ key: string; id: string }>(house.keys.operator, 'POST', '/v1/keys', {
        person: await personNamed(name),
        name: 'spare',
        reason,
      });
    const own = await issue('a colleague');
    expect(own.status).toBe(201);
    expect((await call(own.body.key, 'GET', '/v1/me')).body).toMatchObject({
      person: { name: 'a colleague' },
    });
    expect((await issue('a rival')).status).toBe(404);
    expect((await issue('first admin')).status).toBe(404);
    const told = await call<{ items: { kind: string; subject: string }[] }>(
      house.keys.operator,
      'GET',
      '/v1/announcements',
    );
    expect(told.body.items).toContainEqual(
      expect.objectContaining({ kind: 'key', subject: `key/${own.body.id}` }) as object,
    );
  });

  test('sets the consent of the network’s own subscribers alone, and it stands in the audit log', async () => {
    const consent = { address: 'im:carl@xmpp', reach: 'all', contacts: [], blocked: ['im:eve@matrix'] };
    const set = await call(house.keys.operator, 'PUT', '/v1/subscribers/consent', consent, {
      'if-match': '"0"',
    });
    expect(set.status).toBe(200);
    const log = await call<{ items: object[] }>(
      house.keys.operator,
      'GET',
      '/v1/audit?subject=consent/im:carl@xmpp',
    );
    expect(log.body.items).toMatchObject([
      { action: 'consent.changed', change: { blocked: ['im:eve@matrix'] } },
    ]);
  });
});

test('two admins always remain', async () => {
  await house.sql(
    `UPDATE person SET disabled_at = now() WHERE 'admin' = ANY (roles) AND name NOT IN ('first admin', 'second admin')`,
  );
  const { body } = await call<{ person: { id: string } }>(FIRST_ADMIN, 'GET', '/v1/me');
  const gone = await call(FIRST_ADMIN, 'POST', `/v1/people/${body.person.id}/disable`, { reason });
  expect(gone).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('two admins') as string },
  });
});
