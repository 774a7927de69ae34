/** Server-sent events: what changes reaches those who may know it, and nobody else. Real PostgreSQL and bus, two consoles. */
import { ask } from '#bus';
import { levels, network, requests } from '#protocol';
import { ConsoleFixture, FIRST_ADMIN, SECOND_ADMIN } from '../../../../test/support/console-fixture.js';
import { EventReader } from '../../../../test/support/event-reader.js';
import { quiet, until } from '../../../../test/support/hub-fixture.js';
import { WebSession } from '../../../../test/support/web-session.js';
import { startConsole, type ConsoleApp } from '../console.app.js';

const PASSWORD = 'a password for this test';
let house: ConsoleFixture;
let second: ConsoleApp;
const readers: EventReader[] = [];

beforeAll(async () => {
  house = await ConsoleFixture.open(undefined, { ADMIN_PASSWORD: PASSWORD });
  second = await startConsole(house.settings, quiet);
});
afterEach(() => {
  for (const reader of readers.splice(0)) reader.close();
});
afterAll(async () => {
  await second?.close();
  await house?.close();
}, 60_000);

async function read(
  key: string,
  { url = house.url, after }: { url?: string; after?: string } = {},
): Promise<EventReader> {
  const headers: Record<string, string> = after === undefined ? {} : { 'last-event-id': after };
  const reader = await EventReader.open(url, { authorization: `Bearer ${key}`, ...headers });
  readers.push(reader);
  if (reader.status === 200) await reader.sees('ready');
  return reader;
}

const rename = async (slug: string, name: string) => {
  const path = `/v1/networks/${slug}`;
  const body = { name, operator: null, test: false, reason: 'a test' };
  const { status } = await house.call(FIRST_ADMIN, 'PUT', path, body, { 'if-match': '*' });
  expect(status).toBe(200);
};

function heartbeat(slug: string, nativeConnected = true): Promise<unknown> {
  const capabilities = { version: '1', language: 'en' as const, features: levels(2), limits: {} };
  const body = { network: network(slug), instance: 'one', build: '1', capabilities, nativeConnected };
  return ask(house.hub.link, requests.heartbeat(network(slug)), body);
}

test('a change is an event for those whom it concerns, on every console', async () => {
  const admin = await read(FIRST_ADMIN, { url: second.url });
  const operator = await read(house.keys.operator);
  await rename('matrix', 'Matrix by another name');
  await admin.sees('changed', ({ topics }) => (topics as string[]).includes('networks'));
  // The sentinel: what is about their own network comes.
  const blocked = { address: 'im:eve@matrix', reason: 'a test' };
  await house.call(house.keys.operator, 'POST', '/v1/blocked', blocked);
  await operator.sees('changed', ({ topics }) => (topics as string[]).includes('risk'));
  expect(operator.topics).not.toContain('networks');
});

test('an adapter that connects and signs off changes the health of its network, which rivals do not see', async () => {
  const admin = await read(FIRST_ADMIN);
  const rival = await read(house.keys.operator);
  await heartbeat('matrix');
  await admin.sees('network', ({ network: slug, state }) => slug === 'matrix' && state === 'available');
  await ask(house.hub.link, requests.signOff(network('matrix')), {
    network: network('matrix'),
    instance: 'one',
  });
  await admin.sees('network', ({ network: slug, state }) => slug === 'matrix' && state === 'unavailable');
  await heartbeat('xmpp');
  await rival.sees('network', ({ network: slug, state }) => slug === 'xmpp' && state === 'available');
  expect(rival.of('network').map(({ network: slug }) => slug)).toEqual(['xmpp']);
});

test('a dead letter is counted for its network', async () => {
  const admin = await read(FIRST_ADMIN);
  const operator = await read(house.keys.operator);
  await house.hub.link.session?.nc.request('hub.dead.matrix', 'no letter at all');
  await house.hub.link.session?.nc.request('hub.dead.xmpp', 'no letter at all');
  await admin.sees('counts', ({ deadLetters }) => deadLetters === 2);
  await operator.sees('counts', ({ deadLetters }) => deadLetters === 1);
  expect(operator.of('counts').some(({ deadLetters }) => deadLetters === 2)).toBe(false);
});

test('a proposal is an event for both sides of it', async () => {
  const auditor = await read(house.auditor);
  const operator = await read(house.keys.operator);
  const terms = { from: 'xmpp', to: 'matrix', classes: ['message'], validFrom: '2099-01-01T00:00:00Z' };
  await house.call(FIRST_ADMIN, 'POST', '/v1/agreements', { terms, reason: 'a test' });
  for (const reader of [auditor, operator])
    await reader.sees('changed', ({ topics }) => (topics as string[]).includes('changes'));
});

describe('a reader who comes back', () => {
  test('gets what was missed', async () => {
    const before = await read(FIRST_ADMIN);
    const { lastId } = before;
    before.close();
    await rename('matrix', 'Matrix again');
    const after = await read(FIRST_ADMIN, { after: lastId });
    await after.sees('changed', ({ topics }) => (topics as string[]).includes('networks'));
    expect(after.of('reload')).toEqual([]);
    const again = await read(FIRST_ADMIN, { after: after.lastId });
    expect(again.topics).not.toContain('networks');
  });

  test.each(['999999999', 'not-a-number'])(
    'with the id %s is told to read everything again',
    async (after) => {
      const reader = await read(FIRST_ADMIN, { after });
      expect(reader.of('reload')).toEqual([{}]);
    },
  );

  test('can give the id in the address, as a page must that opens a new stream', async () => {
    const authorization = `Bearer ${FIRST_ADMIN}`;
    const reader = await EventReader.open(house.url, { authorization }, { lastEventId: '1' });
    readers.push(reader);
    await reader.sees('ready');
    expect(reader.topics).toContain('audit');
  });
});

describe('the end', () => {
  test('the stream of a session ends when the person signs out', async () => {
    const browser = await WebSession.signIn(house, { user: 'first-admin', password: PASSWORD });
    const reader = await EventReader.open(house.url, { cookie: browser.cookie });
    readers.push(reader);
    await reader.sees('ready');
    await browser.call('DELETE', '/v1/session');
    await until('the end of the stream', () => reader.ended);
    expect(reader.of('bye')).toEqual([{ reason: 'signed-out' }]);
  });

  test('the stream of a key ends when the key is revoked', async () => {
    const key = await house.key('a reader', 'auditor');
    const reader = await read(key);
    await house.sql(`UPDATE api_key SET revoked_at = now() WHERE name = 'a reader'`);
    await until('the end of the stream', () => reader.ended);
    expect(reader.of('bye')).toEqual([{ reason: 'signed-out' }]);
  });

  test('a console that stops tells its readers to connect again', async () => {
    const third = await startConsole(house.settings, quiet);
    const reader = await read(FIRST_ADMIN, { url: third.url });
    await third.close();
    await until('the end of the stream', () => reader.ended);
    expect(reader.of('bye')).toEqual([{ reason: 'stopping' }]);
  });
});

test('one person has ten streams at most; another one has their own ten', async () => {
  for (let n = 0; n < 10; n++) expect((await read(FIRST_ADMIN)).status).toBe(200);
  const refused = await read(FIRST_ADMIN);
  expect(refused.status).toBe(429);
  expect((await read(SECOND_ADMIN)).status).toBe(200);
  readers[0]?.close();
  await until('room for another stream', async () => (await read(FIRST_ADMIN)).status === 200);
});

test('a stream is kept by no cache, and run by no browser', async () => {
  const { headers } = await read(house.auditor);
  expect({
    type: headers.get('content-type'),
    cache: headers.get('cache-control'),
    nosniff: headers.get('x-content-type-options'),
    frame: headers.get('x-frame-options'),
    csp: headers.get('content-security-policy'),
  }).toEqual({
    type: 'text/event-stream; charset=utf-8',
    cache: 'no-store',
    nosniff: 'nosniff',
    frame: 'DENY',
    csp: expect.stringContaining("default-src 'none'") as string,
  });
});

test('without a key there is no stream', async () => {
  expect((await EventReader.open(house.url, {})).status).toBe(401);
});
