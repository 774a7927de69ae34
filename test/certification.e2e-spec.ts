/** Certification over the bus of adapters that keep the contract. broken-adapters.e2e-spec.ts has those that do not. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TestNetwork, type TestAct } from '#adapter-contract';
import { createMissing, networkTopology } from '#bus';
import { ASKS, certify, SUITE_VERSION, type Ask, type CertifyOptions, type Report } from '#certification';
import { CERTIFY, network } from '#protocol';
import { tolerate } from '#service';
import { answersEverything } from '#simulators';
import { PATIENCE_MS } from './support/amounts.js';
import { HubFixture, quiet } from './support/hub-fixture.js';
import { certifiedRow } from '../apps/standalone/src/certified-networks.js';
import { NETWORKS } from '../apps/standalone/src/networks.js';
import { wecomHome } from '../apps/adapter-wecom/test/wecom.home.js';
import { yunxinHome } from '../apps/adapter-yunxin/test/yunxin.home.js';
import type { SimulatedHome } from './contract/simulated-home.js';

/** Somebody who answers every message with the same text. */
function echoes(far: TestNetwork, person: string): void {
  far.onAct = (act: TestAct) => {
    if (act.to === person && act.kind === 'message' && act.text)
      far.act({ kind: 'message', from: person, to: act.from, text: act.text });
  };
}

const reasons = ({ cases }: Report) =>
  cases.flatMap(({ id, reason }) => (reason === undefined ? [] : [`${id}: ${reason}`]));

const NO_GROUPS = ['group: the adapter does not declare group'];

let hub: HubFixture;
beforeAll(async () => {
  hub = await HubFixture.open();
  // The console creates them before the first certification: the certifier sends pictures.
  if (hub.link.session) await createMissing(hub.link.session, networkTopology(CERTIFY));
  await hub.switch();
});
afterAll(() => hub?.close(), 60_000);

async function tried(
  slug: string,
  over: Partial<CertifyOptions> = {},
  onProgress?: (report: Report) => void,
): Promise<Report> {
  const options = {
    network: network(slug),
    loopback: 'echo',
    stranger: 'nobody',
    patienceMs: PATIENCE_MS,
    ...over,
  };
  return certify(await hub.certifierBus(), options, onProgress);
}

describe('an adapter of the kit', () => {
  let good: TestNetwork;
  afterAll(() => good?.close());

  test('passes all that it declares, also killed and with a second instance', async () => {
    await hub.serveSignOn(['good', 'certify']);
    good = await TestNetwork.open('good');
    good.knowsNot('nobody');
    echoes(good, 'echo');
    const env = {
      TEST_NETWORK: 'good',
      TEST_PORT: String(good.port),
      NATS_CREDS: await hub.admit('good'),
    };
    const start = () => hub.app('adapter-good', 'dist/libs/adapter-contract/src/test-adapter.main.js', env);
    const first = await start();
    const done = new Set<Ask>();
    const acting: Promise<void>[] = [];
    const act = async (ask: Ask) => {
      if (ask === 'restart') await first.child.crash();
      await start();
    };
    const report = await tried('good', { offers: ASKS }, ({ cases }) => {
      const ask = cases.find(({ asks }) => asks !== undefined)?.asks;
      if (ask === undefined || done.has(ask)) return;
      done.add(ask);
      acting.push(tolerate('operator', quiet, () => act(ask)));
    });
    await Promise.all(acting);
    expect(reasons(report)).toEqual(NO_GROUPS);
    expect(report).toMatchObject({ level: 'L3', suite: SUITE_VERSION });
  });
});

describe('our adapters of networks that `npm start` does not run are certified by a loopback among their people', () => {
  const MEMBERS: [network: string, open: () => Promise<SimulatedHome>][] = [
    ['wecom', () => wecomHome(hub)],
    ['yunxin', () => yunxinHome(hub)],
  ];
  const homes: SimulatedHome[] = [];
  const reports = new Map<string, Report>();

  async function triedAtHome([slug, open]: (typeof MEMBERS)[number]): Promise<void> {
    const home = await open();
    homes.push(home);
    const person = home.person('echo');
    answersEverything(person);
    // A bot account can write only to people who have written to it.
    if (home.channel !== undefined) await person.act({ do: 'write', to: home.channel, text: 'hello' });
    reports.set(slug, await tried(slug, { loopback: person.native }));
  }

  beforeAll(async () => {
    await hub.serveSignOn(['certify', ...MEMBERS.map(([slug]) => slug)]);
    await Promise.all(MEMBERS.map(triedAtHome));
  });
  afterAll(async () => {
    for (const home of homes) await home.stop();
  });

  test('these are all such networks', () => {
    const alone = NETWORKS.filter(({ standalone }) => !standalone).map(({ slug }) => slug);
    expect(MEMBERS.map(([slug]) => slug)).toEqual(alone);
  });

  test.each(MEMBERS.map(([slug]) => slug))(
    '%s passes the cases of level 1, as its line in the documentation says, and reaches level 3',
    (slug) => {
      const report = reports.get(slug);
      const page = readFileSync(join('docs', 'generated', 'certified-networks.md'), 'utf8');
      expect(page.split('\n')).toContain(certifiedRow(slug, report?.cases ?? []));
      expect(report?.level).toBe('L3');
    },
  );
});
