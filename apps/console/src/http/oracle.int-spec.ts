/**
 * A resource of another network is answered like one that does not exist, byte for byte, so that nobody can find ids by trying. Walks
 * every route with an id in its path, with an id of another network and with one that does not exist.
 */
import { randomUUID } from 'node:crypto';
import { nativeHash } from '#database';
import { ConsoleFixture } from '../../../../test/support/console-fixture.js';
import {
  documentedRoutes,
  pathOf,
  type DocumentedRoute,
} from '../../../../test/support/documented-routes.js';
import { until } from '../../../../test/support/hub-fixture.js';

interface Pair {
  theirs: string;
  nobodys: string;
}

let console: ConsoleFixture;
let routes: DocumentedRoute[];
/** By the beginning of a path and the name of its last parameter. */
let pairs: [beginning: string, parameter: string, Pair][];

const DAY = '2026-03-01';
const EVENT = 'theirEventId0000000000000';
const NATIVE = '$native-id-of-matrix';

beforeAll(async () => {
  console = await ConsoleFixture.open();
  routes = await documentedRoutes(console);
  const network = { theirs: 'matrix', nobodys: 'nowhere' };
  const seeded = async (insert: string, ...values: unknown[]): Promise<Pair> => {
    const theirs = randomUUID();
    await console.sql(insert, [theirs, ...values]);
    return { theirs, nobodys: randomUUID() };
  };
  pairs = [
    ['/v1/disputes/', 'id', await seeded(DISPUTE)],
    ['/v1/abuse-reports/', 'id', await seeded(REPORT)],
    ['/v1/announcements/', 'id', await seeded(ANNOUNCEMENT)],
    ['/v1/blocked/', 'id', await seeded(BLOCKED)],
    ['/v1/agreements/', 'id', await seeded(AGREEMENT)],
    ['/v1/keys/', 'id', { theirs: await ofMatrix('id'), nobodys: randomUUID() }],
    ['/v1/me/sessions/', 'id', { theirs: await sessionOfMatrix(), nobodys: randomUUID() }],
    ['/v1/me/views/', 'id', { theirs: await viewOfMatrix(), nobodys: randomUUID() }],
    ['/v1/people/', 'id', { theirs: await ofMatrix('person_id'), nobodys: randomUUID() }],
    ['/v1/acceptance-rules/', 'id', await seeded(RULE)],
    ['/v1/changes/', 'id', { theirs: await change(), nobodys: randomUUID() }],
    ['/v1/subscribers/links/', 'id', await seeded(CHALLENGE)],
    ['/v1/networks/', 'id', await seeded(CERTIFICATION)],
    ['/v1/networks/', 'link', await seeded(REPORT_LINK)],
    ['/v1/networks/', 'network', network],
    ['/v1/topology/', 'to', network],
    ['/v1/networks/', 'publicKey', { theirs: await credentialOfMatrix(), nobodys: `U${'A'.repeat(55)}` }],
    ['/v1/messages/', 'id', { theirs: EVENT, nobodys: 'nobodysEventId00000000000' }],
    ['/v1/dead-letters/', 'id', { theirs: await deadLetter(), nobodys: '4711' }],
    ['/v1/business-days/', 'network', network],
    ['/v1/business-days/', 'party', network],
    ['/v1/business-days/', 'id', await seeded(DIFFERENCE)],
    ['/v1/webhooks/', 'id', await seeded(WEBHOOK)],
    ['/v1/webhooks/', 'delivery', { theirs: await delivery(), nobodys: randomUUID() }],
  ];
  await console.sql(CHECKPOINT, [EVENT]);
  await console.sql(
    'INSERT INTO native_ref (network, native_hash, event_id, at) VALUES ($1, $2, $3, now())',
    ['matrix', nativeHash(NATIVE), EVENT],
  );
});

afterAll(() => console?.close(), 60_000);

const DISPUTE = `INSERT INTO dispute (id, reference, to_network, claimant, respondent, kind, amount, state, deadline, opened_at)
  VALUES ($1, 'theirReference', 'south', 'matrix', 'south', 'late', 1, 'opened', now() + interval '1 day', now())`;
const REPORT = `INSERT INTO abuse_report (id, reporter_network, accused, accused_network, category, note, reported_at, due_at)
  VALUES ($1, 'matrix', 'im:eve@south', 'south', 'spam', '', now(), now())`;
const ANNOUNCEMENT = `INSERT INTO announcement (id, network, kind, subject, words, at)
  VALUES ($1, 'matrix', 'test', 'network/matrix', 'for matrix', now())`;
const BLOCKED = `INSERT INTO blocked (id, address, network, reason, created_at) VALUES ($1, 'im:eve@south', 'matrix', '', now())`;
const AGREEMENT = `INSERT INTO agreement (id, from_network, to_network, classes, valid_from, created_at)
  VALUES ($1, 'matrix', 'south', '{message}', now(), now())`;
const RULE = `INSERT INTO acceptance_rule (id, network, terms, reason, created_by, created_at)
  SELECT $1, 'matrix', '{}', 'a test', id, now() FROM api_key LIMIT 1`;
const CHALLENGE = `INSERT INTO link_challenge (id, number, address, preferred, findable, number_code, address_code, started_by, started_at, expires_at)
  SELECT $1, 4915112345678, 'im:bob@matrix', false, false, 'x', 'x', id, now(), now() + interval '1 hour' FROM api_key LIMIT 1`;
const CERTIFICATION = `INSERT INTO certification (id, network, suite_version, report, state, at, by)
  VALUES ($1, 'matrix', '3', '{}', 'failed', now(), 'a test')`;
const REPORT_LINK = `INSERT INTO report_link (id, certification, token_hash, by, at, expires_at)
  SELECT $1, id, 'x', 'a test', now(), now() + interval '1 day' FROM certification LIMIT 1`;
const DIFFERENCE = `INSERT INTO difference (id, date, network, amount, text, key, raised_at)
  SELECT $1, '${DAY}', 'matrix', 1, 'theirs', id, now() FROM api_key LIMIT 1`;
const CHECKPOINT = `INSERT INTO checkpoint (id, event_id, stage, network, kind, conversation, from_address, to_address, code, at)
  VALUES ('x:1:1', $1, 'accepted', 'matrix', 'message', 'c', 'im:bob@matrix', 'im:sue@south', '00', now())`;

const WEBHOOK = `INSERT INTO webhook (id, network, url, kinds, note, secret, enabled, created_by, created_at)
  SELECT $1, 'matrix', 'https://noc.example.cn/', '{dispute.moved}', '', '', false, id, now() FROM api_key LIMIT 1`;
const EVENT_OF_HUB = `INSERT INTO hub_event (id, key, kind, network, subject, words, at)
  VALUES ($1, 'a test', 'dispute.moved', 'matrix', 'dispute/x', '', now())`;
const DELIVERY = `INSERT INTO webhook_delivery (id, webhook_id, event_id, state, created_at, next_at)
  SELECT $1, w.id, e.id, 'failed', now(), now() FROM webhook w, hub_event e WHERE e.key = 'a test' LIMIT 1`;

/** A delivery of the webhook of matrix. @returns its id */
async function delivery(): Promise<string> {
  const id = randomUUID();
  await console.sql(EVENT_OF_HUB, [randomUUID()]);
  await console.sql(DELIVERY, [id]);
  return id;
}

/** A column of an operator's key of matrix. */
async function ofMatrix(column: 'id' | 'person_id'): Promise<string> {
  await console.key(`matrix ${column}`, 'operator', 'matrix');
  const [row] = await console.sql<{ it: string }>(
    `SELECT ${column} AS it FROM api_key WHERE network = 'matrix'`,
  );
  return row?.it ?? '';
}

/** @returns its id */
async function sessionOfMatrix(): Promise<string> {
  const id = await ofMatrix('id');
  await console.sql(
    `INSERT INTO session (key_id, person_id, method, address, agent, started_at, seen_at, expires_at)
     SELECT id, person_id, 'password', '', '', now(), now(), now() + interval '1 hour' FROM api_key WHERE id = $1`,
    [id],
  );
  return id;
}

/** @returns its id */
async function viewOfMatrix(): Promise<string> {
  const id = randomUUID();
  await console.sql(
    `INSERT INTO saved_view (id, person_id, path, name, search, created_at) VALUES ($1, $2, '/networks', 'theirs', '{}', now())`,
    [id, await ofMatrix('person_id')],
  );
  return id;
}

/** Of matrix. @returns its public key */
async function credentialOfMatrix(): Promise<string> {
  const theirs = await console.key('matrix credentials', 'operator', 'matrix');
  const path = '/v1/networks/matrix/credentials';
  const issued = await console.call<{ publicKey: string }>(theirs, 'POST', path);
  if (issued.status !== 201) throw new Error(JSON.stringify(issued.body));
  return issued.body.publicKey;
}

/** About a route of matrix. @returns its id */
async function change(): Promise<string> {
  const terms = { kind: 'prefix', key: '49', network: 'matrix' };
  const body = { terms, reason: 'a test' };
  return (await console.call<{ id: string }>(console.keys.admin, 'POST', '/v1/routes', body)).body.id;
}

/** @returns its id */
async function deadLetter(): Promise<string> {
  await console.hub.link.session?.nc.request('hub.dead.matrix', 'no letter at all');
  type Letters = { items: { id: number }[] };
  const listed = async () =>
    (await console.call<Letters>(console.keys.admin, 'GET', '/v1/dead-letters?network=matrix')).body.items;
  await until('the dead letter', async () => (await listed()).length === 1);
  return String((await listed())[0]?.id);
}

function lastParameter({ template }: DocumentedRoute): string | undefined {
  return [...template.matchAll(/\{(\w+)\}/g)]
    .map(([, name = '']) => name)
    .findLast((name) => name !== 'date');
}

async function ask(route: DocumentedRoute, parameter: string, id: string) {
  // Its own network, and a thing of another one; or the network of another one.
  const own: Record<string, string> = parameter === 'network' ? {} : { network: 'xmpp' };
  const place = pathOf(route.template, route.parameters, { date: DAY, ...own, [parameter]: id });
  const query = route.path.split('?')[1];
  const path = query === undefined ? place : `${place}?${query}`;
  const headers = { 'if-match': '*' };
  const { status, body, type, etag } = await console.call<unknown>(
    console.keys.operator,
    route.method,
    path,
    route.body,
    headers,
  );
  return { status, type, etag, text: JSON.stringify(body).replaceAll(id, '<id>') };
}

test('an id of another network, in any path, is answered like one of nobody', async () => {
  // Operators are listed to everybody.
  const walked = routes.filter(
    (route) => lastParameter(route) !== undefined && !route.template.startsWith('/v1/operators/'),
  );
  let compared = 0;
  /** Routes for which no id of another network is named here. */
  const unknown: string[] = [];
  for (const route of walked) {
    const parameter = lastParameter(route) ?? '';
    const pair = pairs.find(
      ([beginning, name]) => route.template.startsWith(beginning) && name === parameter,
    )?.[2];
    const { method, template } = route;
    const nobodys = await ask(route, parameter, pair?.nobodys ?? exampleOf(route, parameter));
    if (nobodys.status === 403) continue;
    if (!pair) {
      unknown.push(`${method} ${template}`);
      continue;
    }
    const theirs = await ask(route, parameter, pair.theirs);
    expect({ method, template, ...theirs }).toEqual({ method, template, ...nobodys });
    expect({ method, template, found: theirs.status < 300 }).toEqual({ method, template, found: false });
    compared++;
  }
  expect(unknown).toEqual([]);
  expect(compared).toBeGreaterThan(20);
});

test.each(['matrix', 'nowhere'])(
  'a native id of %s that exists is answered like one that does not',
  async (of) => {
    const traced = async (native: string) => {
      const path = `/v1/messages/trace?network=${of}&native=${encodeURIComponent(native)}`;
      const { status, body } = await console.call<unknown>(console.keys.operator, 'GET', path);
      return { status, text: JSON.stringify(body).replaceAll(native, '<id>') };
    };
    expect(await traced(NATIVE)).toEqual(await traced('$no-such-id'));
  },
);

test('a detail record of others is disputed like one that does not exist', async () => {
  const row = { reference: 'theirReference', from_network: 'matrix', to_network: 'south' };
  await console.sql(
    `INSERT INTO detail_record (reference, from_network, to_network, from_party, to_party, class, units, accepted_at, outcome, code, ended_at)
     VALUES ($1, $2, $3, 'x', 'y', 'message', 1, now(), 'delivered', '00', now())`,
    Object.values(row),
  );
  const disputed = async (reference: string) => {
    const body = { reference, toNetwork: 'south', kind: 'late', amount: '0.01', evidence: EVIDENCE };
    const answer = await console.call<unknown>(console.keys.operator, 'POST', '/v1/disputes', body);
    return { status: answer.status, text: JSON.stringify(answer.body).replaceAll(reference, '<id>') };
  };
  expect(await disputed('theirReference')).toEqual(await disputed('nobodyReference'));
});

const EVIDENCE = { text: 'late', envelopeHash: '0'.repeat(64) };

function exampleOf({ parameters }: DocumentedRoute, parameter: string): string {
  return String(parameters.find(({ name }) => name === parameter)?.example);
}
