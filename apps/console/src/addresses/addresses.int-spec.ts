/** The console makes every address canonical or refuses it, and rewrites stored addresses when an id rule changes. */
import { ask, Bucket } from '#bus';
import {
  addressOf,
  BUCKETS,
  consentKey,
  levels,
  network,
  openToAll,
  requests,
  type Address,
  type Capabilities,
  type Consent,
  type SignOnAnswer,
} from '#protocol';
import { ConsoleFixture, FIRST_ADMIN } from '../../../../test/support/console-fixture.js';
import {
  documentedRoutes,
  textsIn,
  withValue,
  type DocumentedRoute,
} from '../../../../test/support/documented-routes.js';

const [xmpp, matrix] = [network('xmpp'), network('matrix')];
const amy = addressOf(xmpp, 'amy@localhost');
const bob = addressOf(matrix, '@bob:example.org');
const spelt = (native: string) => addressOf(xmpp, native);
const SPELLINGS = [
  'Amy@localhost',
  'amy@LOCALHOST',
  'amy@localhost/phone',
  'amy@localhost.',
  'Ａmy@localhost',
].map(spelt);
const NO_JID = spelt('a my@localhost');
const ADDRESS = /^im:.+@[a-z]/;

let console: ConsoleFixture;

beforeAll(async () => {
  console = await ConsoleFixture.of(['xmpp', 'matrix']);
});
afterAll(() => console?.close(), 60_000);

const capabilities = (ids: Capabilities['ids']): Capabilities => ({
  version: `ids-${ids ?? 'none'}`,
  language: 'en',
  features: levels(2),
  limits: {},
  ...(ids ? { ids } : {}),
});

/** Signs on like an adapter with this id rule. */
async function signsOn(slug: typeof xmpp, ids: Capabilities['ids']): Promise<SignOnAnswer> {
  const body = {
    network: slug,
    instance: 'i1',
    build: 'b1',
    capabilities: capabilities(ids),
    nativeConnected: true,
  };
  const reply = await ask(console.hub.link, requests.signOn(slug), body);
  expect(reply).toMatchObject({ code: '00' });
  return reply;
}

const CONSENT = '/v1/subscribers/consent';
const consentOf = (address: Address) =>
  console.call<Consent>(FIRST_ADMIN, 'GET', `${CONSENT}?address=${encodeURIComponent(address)}`);
async function setConsent(consent: Consent, key = console.operators['xmpp'] ?? '') {
  const { etag } = await consentOf(consent.address);
  return console.call<Consent>(key, 'PUT', CONSENT, consent, { 'if-match': etag ?? '' });
}
const published = async (address: Address) =>
  (await new Bucket(console.hub.link, console.hub.publisher, BUCKETS.subscribers).get(
    consentKey(address),
  )) as Consent | undefined;

describe('before a network says how its ids fold', () => {
  test('each spelling has a consent of its own, and a block of its own', async () => {
    const [first = amy, second = amy] = SPELLINGS;
    await setConsent({ ...openToAll(first), blocked: [bob] });
    await setConsent({ ...openToAll(second), reach: 'contacts', contacts: [bob] });
    await setConsent({ ...openToAll(bob), blocked: [...SPELLINGS] }, console.operators['matrix']);
    for (const address of SPELLINGS)
      expect(
        await console.call(console.operators['matrix'], 'POST', '/v1/blocked', { address, reason: 'a test' }),
      ).toMatchObject({ status: 201 });
    for (const [at, address] of SPELLINGS.entries())
      await console.sql(
        'INSERT INTO link (number, since, preferred, findable, address) VALUES (8613800138000, now(), $1, $2, $3)',
        [at === 1, at !== 2, address],
      );
    expect((await consentOf(amy)).body).toEqual(openToAll(amy));
  });
});

describe('a network that declares how its ids fold', () => {
  beforeAll(() => signsOn(xmpp, 'jid'));

  test('has one consent of the several: the stricter reach, and everybody who is blocked', async () => {
    const merged = { address: amy, reach: 'contacts', contacts: [bob], blocked: [bob] };
    expect((await consentOf(amy)).body).toEqual(merged);
    expect(await published(amy)).toEqual(merged);
    for (const address of SPELLINGS.slice(0, 2)) expect(await published(address)).toEqual(openToAll(address));
  });

  test('is one person in the lists of others, in the numbers and in the blocks of operators', async () => {
    expect((await consentOf(bob)).body.blocked).toEqual([amy]);
    expect((await published(bob))?.blocked).toEqual([amy]);
    expect(await console.sql('SELECT address, preferred, findable FROM link')).toEqual([
      { address: amy, preferred: true, findable: false },
    ]);
    expect(await console.sql('SELECT address, network FROM blocked')).toEqual([
      { address: amy, network: 'matrix' },
    ]);
  });

  test('is said in the audit log', async () => {
    const rows = await console.sql("SELECT subject, change FROM audit WHERE action = 'addresses.respelt'");
    expect(rows).toEqual([{ subject: 'network/xmpp', change: { addresses: 5, consents: 3 } }]);
  });

  test('nothing is changed when it signs on again with the same rule', async () => {
    await signsOn(xmpp, 'jid');
    expect(await console.sql("SELECT 1 FROM audit WHERE action = 'addresses.respelt'")).toHaveLength(1);
  });

  test('others learn of it when they sign on', async () => {
    const { ids } = await signsOn(matrix, 'user-and-server');
    expect(ids).toEqual([{ network: 'xmpp', ids: 'jid' }]);
  });

  test.each(SPELLINGS)('%s is amy: read and written', async (address) => {
    const stored = await setConsent({ address, reach: 'all', contacts: SPELLINGS, blocked: [bob] });
    expect(stored).toMatchObject({
      status: 200,
      body: { address: amy, contacts: [amy], blocked: [bob] },
    });
    expect((await consentOf(address)).body.address).toBe(amy);
  });

  test('an operator cannot block one person twice', async () => {
    const [address] = SPELLINGS;
    const again = await console.call(console.operators['matrix'], 'POST', '/v1/blocked', {
      address,
      reason: 'a test',
    });
    expect(again.status).toBe(409);
  });
});

describe('every route that takes an address', () => {
  let routes: DocumentedRoute[];
  beforeAll(async () => {
    routes = await documentedRoutes(console);
  });

  test('refuses an id that its network cannot have, and says in which field and what is expected', async () => {
    const tried: string[] = [];
    for (const route of routes) {
      for (const { path, body, what } of withAnImpossibleAddress(route)) {
        tried.push(`${route.method} ${route.template} ${what}`);
        const answers = await Promise.all(
          [FIRST_ADMIN, ...Object.values(console.operators)].map((key) =>
            console.call<{ errors?: { field: string; rule: string }[] }>(key, route.method, path, body, {
              'if-match': '"0"',
            }),
          ),
        );
        const refused = answers
          .filter(({ status }) => status === 400)
          .flatMap(({ body: { errors } }) => errors ?? []);
        expect({ what, refused }).toEqual({
          what,
          refused: expect.arrayContaining([
            { field: what, rule: expect.stringContaining('a bare JID') as string },
          ]) as unknown,
        });
      }
    }
    expect(tried.length).toBeGreaterThan(8);
  });

  function withAnImpossibleAddress(route: DocumentedRoute) {
    const inQuery = route.parameters
      .filter(({ name, example }) => ADDRESS.test(String(example)) && name !== 'if-match')
      .map(({ name }) => ({
        what: name,
        body: undefined,
        path: withParameter(route.path, name),
      }));
    const { body } = route;
    if (!body) return inQuery;
    const inBody = textsIn(body)
      .filter(({ text }) => ADDRESS.test(text))
      .map(({ path }) => ({ what: path.join('.'), path: route.path, body: withValue(body, path, NO_JID) }));
    return [...inQuery, ...inBody];
  }

  /** Required parameters are in the path of the example already. */
  function withParameter(path: string, name: string): string {
    const url = new URL(path, console.url);
    url.searchParams.set(name, NO_JID);
    return url.pathname + url.search;
  }
});
