/** One person with all numbers and addresses: what an admin sees, and what the operator of one of the networks sees of it. */
import { ConsoleFixture, FIRST_ADMIN } from '../../../../test/support/console-fixture.js';
import type { SubscriberPerson } from './subscriber-persons.dto.js';

const NUMBER = '+8613800138000';
const SECOND = '+4915112345678';
const ON_XMPP = 'im:anna@xmpp';
const ON_MATRIX = 'im:anna@matrix';

let console: ConsoleFixture;
const find = (key: string | undefined, of: string) =>
  console.call<SubscriberPerson>(key, 'GET', `/v1/subscribers/person?of=${encodeURIComponent(of)}`);
const linked = (number: string, address: string, preferred: boolean) =>
  console.sql(
    'INSERT INTO link (number, address, preferred, findable, since) VALUES ($1, $2, $3, true, now())',
    [number.slice(1), address, preferred],
  );
const route = (kind: string, key: string, network: string) =>
  console.sql('INSERT INTO route (kind, key, network, since) VALUES ($1, $2, $3, now())', [
    kind,
    key,
    network,
  ]);

beforeAll(async () => {
  console = await ConsoleFixture.of(['xmpp', 'matrix']);
  await linked(NUMBER, ON_MATRIX, true);
  await linked(NUMBER, ON_XMPP, false);
  await linked(SECOND, ON_MATRIX, true);
  await linked('+15550100', 'im:zoe@matrix', true);
});
afterAll(() => console?.close(), 60_000);

test.each([NUMBER, SECOND, ON_XMPP, ON_MATRIX, 'im:%2B8613800138000@tel'])(
  'from %s an admin finds the whole person, and nobody else',
  async (of) => {
    const { status, body } = await find(FIRST_ADMIN, of);
    expect(status).toBe(200);
    expect(body.numbers.map(({ number }) => number).sort()).toEqual([SECOND, NUMBER]);
    expect(body.addresses.map(({ address }) => address).sort()).toEqual([ON_MATRIX, ON_XMPP]);
    expect(body.more).toBe(false);
    expect(body.numbers.find(({ number }) => number === NUMBER)).toMatchObject({
      reason: 'preferred',
      address: ON_MATRIX,
      network: 'matrix',
    });
  },
);

test('an operator finds the addresses of the own network, and nothing of the others', async () => {
  const { body } = await find(console.operators['xmpp'], ON_XMPP);
  expect(body.addresses.map(({ address }) => address)).toEqual([ON_XMPP]);
  expect(body.numbers).toEqual([
    expect.objectContaining({ number: NUMBER, reason: null, network: null, address: null, since: null }),
  ]);
  expect(JSON.stringify(body)).not.toMatch(/matrix|4915112345678/);
  const byNumber = await find(console.operators['xmpp'], NUMBER);
  expect(byNumber.body).toEqual(body);
});

test('a number of a rival’s subscriber is answered like one that nobody has', async () => {
  const refused = async (number: string) => {
    const { status, body } = await find(console.operators['xmpp'], number);
    return { status, text: JSON.stringify(body).replaceAll(number, '<number>') };
  };
  const nobodys = await refused('+15550199');
  expect(await refused('+15550100')).toEqual(nobodys);
  expect(nobodys.status).toBe(404);
  const foreign = await find(console.operators['xmpp'], 'im:zoe@matrix');
  expect(foreign.status).toBe(404);
  expect((await find(console.operators['matrix'], '+15550100')).status).toBe(200);
});

test('a prefix and a port say why a number leads where it leads', async () => {
  await route('prefix', '1555', 'xmpp');
  const byPrefix = await find(FIRST_ADMIN, '+15550142');
  expect(byPrefix.body.numbers[0]).toMatchObject({ reason: 'own', prefix: '1555', network: 'xmpp' });
  const [own] = byPrefix.body.addresses;
  expect(own?.address).toBe('im:15550142@xmpp');
  expect((await find(console.operators['xmpp'], 'im:15550142@xmpp')).body.numbers[0]?.number).toBe(
    '+15550142',
  );
  await linked('+15550143', 'im:amy@matrix', true);
  const both = await find(FIRST_ADMIN, '+15550143');
  expect(both.body.numbers[0]).toMatchObject({ reason: 'preferred', address: 'im:amy@matrix' });
  expect(both.body.addresses.map(({ address }) => address)).toEqual(['im:amy@matrix', 'im:15550143@xmpp']);
  const home = await find(console.operators['xmpp'], '+15550143');
  expect(home.body.addresses.map(({ address }) => address)).toEqual(['im:15550143@xmpp']);
  expect(JSON.stringify(home.body)).not.toMatch(/amy|matrix/);
  await route('exact', '15550142', 'matrix');
  const ported = await find(FIRST_ADMIN, '+15550142');
  expect(ported.body.numbers[0]).toMatchObject({ reason: 'ported', network: 'matrix', prefix: null });
  const listed = async (network: string) => {
    const { body } = await console.call<{ items: { number: string }[] }>(
      console.operators[network],
      'GET',
      '/v1/routes/ported',
    );
    return body.items.map(({ number }) => number);
  };
  expect(await listed('matrix')).toEqual(['+15550142']);
  expect(await listed('xmpp')).toEqual([]);
});

test('consent and blocks stand beside each address; a network sees its own blocks', async () => {
  const consent = { address: ON_XMPP, reach: 'contacts', contacts: [ON_MATRIX], blocked: ['im:eve@matrix'] };
  const operator = console.operators['xmpp'];
  const set = await console.call(operator, 'PUT', '/v1/subscribers/consent', consent, { 'if-match': '"0"' });
  expect(set.status).toBe(200);
  const block = { address: ON_XMPP, reason: 'advertising' };
  expect((await console.call(console.operators['matrix'], 'POST', '/v1/blocked', block)).status).toBe(201);
  const address = async (key: string | undefined) =>
    (await find(key, ON_XMPP)).body.addresses.find((one) => one.address === ON_XMPP);
  const seen = await address(FIRST_ADMIN);
  expect(seen?.consent).toMatchObject({ reach: 'contacts', contacts: 1, blocked: 1 });
  expect(seen?.blocks).toEqual([expect.objectContaining({ network: 'matrix', reason: 'advertising' })]);
  const own = await address(operator);
  expect(own?.consent).toEqual(seen?.consent);
  expect(own?.blocks).toEqual([]);
});

test('a person with more links than are followed is shown in part', async () => {
  await console.sql(
    `INSERT INTO link (number, address, preferred, findable, since)
     SELECT 15550200, 'im:many' || n || '@matrix', n = 1, true, now() FROM generate_series(1, 101) AS n`,
  );
  const { body } = await find(FIRST_ADMIN, '+15550200');
  expect(body.more).toBe(true);
  expect(body.numbers[0]?.links).toHaveLength(100);
});

test('each look-up is in the audit log, of an address for its network, of a number for admins alone', async () => {
  await find(FIRST_ADMIN, ON_MATRIX);
  await find(FIRST_ADMIN, NUMBER);
  const rows = await console.sql<{ subject: string; networks: string[] }>(
    `SELECT subject, networks FROM audit WHERE action = 'subscriber.viewed' ORDER BY seq DESC LIMIT 2`,
  );
  expect(rows).toEqual([
    { subject: `subscriber/${NUMBER}`, networks: [] },
    { subject: `subscriber/${ON_MATRIX}`, networks: ['matrix'] },
  ]);
});
