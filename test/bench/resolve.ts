/**
 * Who has this number? Asked of the switch as a member asks, with millions of links in PostgreSQL: numbers that the
 * switch remembers, and random ones after PostgreSQL was started again and the system has forgotten its files. Beside
 * the ceilings of the same run: a bare request and reply on the bus, and a plain SELECT by the key.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { Client } from 'pg';
import { ask, BusConnection } from '#bus';
import { requests, telAddress, type E164 } from '#protocol';
import { ExchangeFixture } from '../support/exchange-fixture.js';
import { quiet, until } from '../support/hub-fixture.js';
import { latencies, NORTH, type Row } from './measure.js';
import type { Measured } from './path.js';
import { scaled, type Scale } from './scale.js';

const MOST_LINKS = Number(process.env['BENCH_LINKS'] ?? 10_000_000);
const CHUNK = 500_000;
const FIRST = 8_613_000_000_000;
const HOT = 1000;
const CACHED_LOOKS = 20_000;
const COLD_LOOKS = 5000;
const AT_ONCE = 4;

/** Settings of the switch, which otherwise limits how much one network may ask. */
export const UNLIMITED = { RESOLVE_PER_MINUTE: String(1_000_000_000) };

/** @param exchange with the networks north and south, and a switch that does not limit how much they ask */
export async function resolveBench(exchange: ExchangeFixture, scale: Scale): Promise<Measured> {
  const links = scaled(MOST_LINKS, scale);
  await load(exchange, links, scale);
  return measure(exchange, links, scale);
}

export async function resolveExchange(): Promise<ExchangeFixture> {
  const exchange = await ExchangeFixture.open();
  await exchange.hub.switch(UNLIMITED);
  for (const slug of ['north', 'south']) {
    await exchange.api('POST', '/v1/networks', { network: slug, name: slug, test: true });
    const { status, text } = await exchange.api('POST', `/v1/networks/${slug}/enable`, {
      reason: 'a benchmark',
    });
    if (status !== 200) throw new Error(`${slug} is not live: ${status} ${text}`);
  }
  return exchange;
}

async function load({ sql }: ExchangeFixture, links: number, { note }: Scale): Promise<void> {
  const { rows: indexes } = await sql.query<{ indexdef: string }>(
    "SELECT indexdef FROM pg_indexes WHERE tablename = 'link' AND indexname <> 'link_pkey'",
  );
  // In the order of the key, so that its index grows at the end; the others are made afterwards.
  await sql.query('DROP INDEX link_address');
  for (let done = 0; done < links; done += CHUNK) {
    await sql.query(
      `INSERT INTO link (number, since, preferred, findable, address)
       SELECT $1::bigint + n, now(), true, true, 'im:u' || n || '@south' FROM generate_series($2::bigint, $3::bigint) n`,
      [FIRST, done, Math.min(done + CHUNK, links) - 1],
    );
    if (done % (4 * CHUNK) === 0) note(`${Math.min(done + CHUNK, links)} of ${links} links`);
  }
  for (const { indexdef } of indexes) await sql.query(indexdef);
  await sql.query('VACUUM ANALYZE link');
  const { rows } = await sql.query<{ size: string }>(
    "SELECT pg_size_pretty(pg_total_relation_size('link')) AS size",
  );
  note(`${links} links take ${rows[0]?.size}, indexes included`);
}

async function measure(exchange: ExchangeFixture, links: number, scale: Scale): Promise<Measured> {
  const { hub } = exchange;
  const look = async (n: number) => {
    const address = telAddress(numberAt(n));
    const reply = await ask(hub.link, requests.resolve(NORTH), { address }, 10_000);
    if (reply.party?.address !== `im:u${n}@south`)
      throw new Error(`a wrong answer: ${JSON.stringify(reply)}`);
  };
  const [hotOnes, cachedLooks, coldLooks] = [HOT, CACHED_LOOKS, COLD_LOOKS].map((count) =>
    scaled(count, scale),
  ) as [number, number, number];
  const hot = Array.from({ length: hotOnes }, () => anyLink(links));
  await timed(hotOnes, (n) => look(hot[n] ?? 0));
  const echo = await echoing(exchange);
  const request = await timed(cachedLooks, () => echo.ask());
  const cached = await timed(cachedLooks, (n) => look(hot[n % hotOnes] ?? 0));
  await echo.close();

  scale.note('starting PostgreSQL again, and forgetting its files ...');
  await coldDatabase(exchange);
  const plain = await plainSelects(exchange, links, coldLooks);
  await coldDatabase(exchange);
  // The console's connections are there again; what they read is not in any memory.
  const cold = await timed(coldLooks, () => look(anyLink(links)));
  const warm = await timed(coldLooks, () => look(anyLink(links)));

  const row = (what: string, figures: { p50: number; p99: number }): Row => ({
    part: 'resolve',
    what,
    ...figures,
  });
  return {
    figures: {
      links,
      cachedP50Ms: cached.p50,
      cachedP99Ms: cached.p99,
      coldP50Ms: cold.p50,
      coldP99Ms: cold.p99,
      requestP99Ms: request.p99,
      selectP99Ms: plain.p99,
    },
    rows: [
      row('ceiling: a bare request and reply on the bus', request),
      row('a number that the switch remembers', cached),
      row('ceiling: SELECT by the key, PostgreSQL just started', plain),
      row('a number nobody asked for, PostgreSQL just started', cold),
      row('a number nobody asked for, after that', warm),
    ],
  };
}

function anyLink(links: number): number {
  return Math.floor(Math.random() * links);
}

function numberAt(n: number): E164 {
  return `+${FIRST + n}` as E164;
}

/** A few at a time, each as soon as one is done. */
async function timed(
  count: number,
  work: (index: number, worker: number) => Promise<unknown>,
): Promise<{ p50: number; p99: number }> {
  const took: number[] = [];
  let next = 0;
  const one = async (worker: number) => {
    for (let index = next++; index < count; index = next++) {
      const start = performance.now();
      await work(index, worker);
      took.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, (_, worker) => one(worker)));
  return latencies(took);
}

async function echoing({ hub }: ExchangeFixture) {
  const creds = await hub.authority.hubCredentials('echo');
  const link = await BusConnection.open({ url: hub.natsUrl, creds, name: 'echo' }, quiet);
  await link.onSession(async ({ nc }) => {
    nc.subscribe('bench.echo', { callback: (_, message) => void message.respond(message.data) });
    await nc.flush();
  });
  const body = JSON.stringify({ address: telAddress(numberAt(0)) });
  return {
    ask: () =>
      hub.link.session?.nc.request('bench.echo', body, { timeout: 10_000 }) ??
      Promise.reject(new Error('no bus')),
    close: () => link.close(),
  };
}

async function plainSelects(
  { database, sqlUrl }: ExchangeFixture,
  links: number,
  looks: number,
): Promise<{ p50: number; p99: number }> {
  if (!database.running) throw new Error('no database');
  const clients = await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      const client = new Client({ connectionString: sqlUrl });
      await client.connect();
      return client;
    }),
  );
  const figures = await timed(looks, (_, worker) =>
    (clients[worker] as Client).query({
      name: 'by-number',
      text: 'SELECT address FROM link WHERE number = $1',
      values: [FIRST + anyLink(links)],
    }),
  );
  await Promise.all(clients.map((client) => client.end()));
  return figures;
}

/** Shared buffers are gone with the process; the system is asked to drop its own copies of the files of the links, and of no others. */
async function coldDatabase({ database, databaseFolder, console, sqlUrl }: ExchangeFixture): Promise<void> {
  const files = await filesOfLinks(sqlUrl);
  await database.stop();
  for (const file of files)
    execFileSync('dd', [
      `if=${join(databaseFolder, 'data', file)}`,
      'iflag=nocache',
      'count=0',
      'status=none',
    ]);
  await database.start();
  await until('the console to be ready', async () => (await fetch(`${console.url}/healthz/ready`)).ok);
}

/** Of the table and its indexes; PostgreSQL begins another file at each GB. */
async function filesOfLinks(sqlUrl: string): Promise<string[]> {
  const client = new Client({ connectionString: sqlUrl });
  await client.connect();
  const { rows } = await client.query<{ file: string }>(
    `SELECT pg_relation_filepath(oid) || CASE WHEN segment = 0 THEN '' ELSE '.' || segment END AS file
     FROM pg_class, generate_series(0, pg_relation_size(oid) / (1 << 30)) segment
     WHERE oid = 'link'::regclass OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = 'link'::regclass)`,
  );
  await client.end();
  return rows.map(({ file }) => file);
}
