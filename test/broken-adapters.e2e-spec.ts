/** Certification finds planted faults: each broken adapter fails the case that is there for its fault, and the honest one passes all. */
import { readFileSync } from 'node:fs';
import { createMissing, networkTopology } from '#bus';
import { ASKS, certify, type Ask, type Report } from '#certification';
import { CERTIFY, network } from '#protocol';
import { tolerate } from '#service';
import { FAULTS, type Fault } from './support/broken-adapters.js';
import { HubFixture, quiet } from './support/hub-fixture.js';
import { PlainAdapter } from './support/plain-adapter.js';
import { PlainNetwork } from './support/plain-network.js';

/** How long the certifier waits for an event, ms. */
const PATIENCE_MS = 12_000;
const reports = new Map<string, Report>();
let hub: HubFixture;

const verdicts = (report: Report | undefined, verdict: string) =>
  report?.cases.filter((one) => one.verdict === verdict).map(({ id }) => id) ?? [];

interface Run extends Omit<Fault, 'fails'> {
  slug: string;
  /** The run ends when these cases have failed. */
  until?: string[];
}

/** Certifies an adapter on a network of its own. Its operator does what the report asks for. */
async function certified({ slug, adapter, instances = 1, until = [], offers }: Run): Promise<Report> {
  const creds = readFileSync(await hub.admit(slug), 'utf8');
  const home = new PlainNetwork('echo');
  const running: PlainAdapter[] = [];
  const start = async () => {
    running.push(await adapter.start({ slug, natsUrl: hub.natsUrl, creds, network: home }));
  };
  for (let at = 0; at < instances; at++) await start();
  let done: Ask | undefined;
  const acting: Promise<void>[] = [];
  const act = async (ask: Ask) => {
    if (ask === 'restart') await running.shift()?.kill();
    await start();
  };
  let last: Report | undefined;
  const enough = new AbortController();
  const watch = (report: Report) => {
    last = structuredClone(report);
    const asks = report.cases.find((one) => one.asks !== undefined)?.asks;
    if (asks !== undefined && asks !== done) acting.push(tolerate('operator', quiet, () => act(asks)));
    done = asks;
    if (until.length > 0 && until.every((id) => verdicts(report, 'fail').includes(id))) enough.abort();
  };
  const options = {
    network: network(slug),
    loopback: 'echo',
    stranger: 'nobody',
    patienceMs: PATIENCE_MS,
    offers,
  };
  const whole = { ...options, signal: enough.signal };
  const report = certify(await hub.certifierBus(), whole, watch);
  // A run that was ended leaves the report of its last case.
  await report.catch((error: unknown) => {
    if (!enough.signal.aborted) throw error;
  });
  // An adapter that is still being started would run on, and keep this process from ending.
  await Promise.all(acting);
  for (const one of running) await one.stop();
  return last as unknown as Report;
}

beforeAll(async () => {
  hub = await HubFixture.open();
  if (hub.link.session) await createMissing(hub.link.session, networkTopology(CERTIFY));
  await hub.serveSignOn([]);
  await hub.admit('absent');
  const runs: Record<string, Promise<Report>> = {
    honest: certified({ slug: 'honest', adapter: PlainAdapter, offers: ASKS }),
    pair: certified({ slug: 'pair', adapter: PlainAdapter, instances: 2 }),
    absent: certify(await hub.certifierBus(), { network: network('absent'), loopback: 'echo' }),
  };
  for (const [at, [name, { fails, ...fault }]] of Object.entries(FAULTS).entries())
    runs[name] = certified({ slug: `broken-${at}`, ...fault, until: fails });
  await Promise.all(Object.entries(runs).map(async ([name, run]) => reports.set(name, await run)));
}, 240_000);
afterAll(() => hub?.close(), 60_000);

test('the honest adapter passes every case, also killed and with a second instance', () => {
  const report = reports.get('honest');
  expect(report?.cases.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
  expect(verdicts(report, 'skipped')).toEqual(['media', 'group', 'call']);
  expect(report?.level).toBe('L2');
});

test('two honest instances pass every case', () => {
  const report = reports.get('pair');
  expect(report?.cases.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
  expect(verdicts(report, 'skipped')).toEqual(['restart', 'two-instances', 'media', 'group', 'call']);
  expect(report?.level).toBe('L2');
});

test.each(Object.entries(FAULTS))('an adapter that %s fails its case', (name, { fails }) => {
  expect(verdicts(reports.get(name), 'fail')).toEqual(fails);
});

test('an adapter that is not there fails at the first case, and nothing else is tried', () => {
  const report = reports.get('absent');
  expect(verdicts(report, 'fail')).toEqual(['signed-on']);
  expect(verdicts(report, 'skipped')).toHaveLength((report?.cases.length ?? 0) - 1);
  expect(report?.level).toBeNull();
});
