/** Events that no request causes: two consoles look for them, and each is written once. Real PostgreSQL and bus. */
import { ask } from '#bus';
import { levels, network, requests } from '#protocol';
import { ConsoleFixture } from '../../../../test/support/console-fixture.js';
import { until } from '../../../../test/support/hub-fixture.js';
import { EventWatch } from './event-watch.js';

let house: ConsoleFixture;
const north = network('north');

beforeAll(async () => {
  house = await ConsoleFixture.of(['north', 'south']);
  await house.another();
});
afterAll(() => house?.close(), 60_000);

const DAY_MS = 24 * 3600_000;
const capabilities = { version: '1', language: 'en' as const, features: levels(2), limits: {} };

function say(verb: 'heartbeat' | 'signOff'): Promise<{ code: '00' }> {
  const body = { network: north, instance: 'one', build: '1', capabilities, nativeConnected: true };
  const { link } = house.hub;
  return verb === 'signOff'
    ? ask(link, requests.signOff(north), body)
    : ask(link, requests.heartbeat(north), body);
}

const events = async (kind: string) =>
  (
    await house.sql<{ network: string; subject: string; words: string }>(
      'SELECT network, subject, words FROM hub_event WHERE kind = $1 ORDER BY at',
      [kind],
    )
  ).map((event) => ({ ...event }));

/** One round that also looks for what is looked for once a minute. The other console can be at it. */
const slowRound = () => house.app.get(EventWatch).round(true);
async function appears(kind: string): Promise<void> {
  await until(kind, async () => {
    await slowRound();
    return (await events(kind)).length > 0;
  });
  await slowRound();
}

test('a network that signs off is unavailable, and available again with its next heartbeat', async () => {
  await say('heartbeat');
  await say('signOff');
  await appears('network.unavailable');
  await say('heartbeat');
  await appears('network.available');
  expect(await events('network.unavailable')).toMatchObject([{ network: 'north', subject: 'network/north' }]);
  expect(await events('network.available')).toMatchObject([{ network: 'north', subject: 'network/north' }]);
});

test('dead letters of a network are one event, once', async () => {
  await until('the search began', async () => {
    await slowRound();
    return (await house.sql(`SELECT 1 FROM setting WHERE key = 'dead_letters_seen_up_to'`)).length > 0;
  });
  for (const text of ['one', 'two']) await house.hub.link.session?.nc.request('hub.dead.south', text);
  // The other console may have looked between the two.
  const counted = async () =>
    (await events('dead-letter.stored')).reduce((sum, { words }) => sum + Number(words.split(' ')[0]), 0);
  await until('both to be counted', async () => {
    await slowRound();
    return (await counted()) >= 2;
  });
  await appears('dead-letter.stored');
  expect(await counted()).toBe(2);
  const found = await events('dead-letter.stored');
  expect(new Set(found.map((event) => event.network))).toEqual(new Set(['south']));
});

test('a certificate that expires within 30 days is an event once, and one that has expired is none', async () => {
  const expires = (slug: string, days: number) =>
    house.sql(
      `INSERT INTO certification (id, network, suite_version, passed, report, state, at, by, valid_until)
       VALUES (gen_random_uuid(), $1, '4', true, '{}', 'passed', now(), 'a test', $2)`,
      [slug, new Date(Date.now() + days * DAY_MS)],
    );
  await expires('north', 10);
  await expires('south', -1);
  await appears('certificate.expires');
  expect(await events('certificate.expires')).toMatchObject([{ network: 'north' }]);
});

test('a closed day makes the statement of each member ready, once', async () => {
  await house.sql(
    `INSERT INTO business_day (date, state, sealed_at, closed_at, manifest) VALUES ('2026-11-20', 'closed', now(), now(), '{}')`,
  );
  await appears('statement.ready');
  expect(
    (await events('statement.ready')).map((event) => `${event.network} ${event.subject}`).toSorted(),
  ).toEqual(['north business-day/2026-11-20', 'south business-day/2026-11-20']);
});
