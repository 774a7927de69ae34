/** Certification over the bus: an adapter that keeps the contract, and some that do not. */
import { readFileSync } from 'node:fs';
import { TestNetwork, type TestAct } from '#adapter-contract';
import { createMissing, networkTopology } from '#bus';
import { certify, type CertifyOptions, type Report } from '#certification';
import { CERTIFY, network } from '#protocol';
import { answersEverything, openIdOf } from '#simulators';
import { HubFixture } from './support/hub-fixture.js';
import { fetionHome } from '../apps/adapter-fetion/test/fetion.home.js';
import { openHome } from '../apps/adapter-open/test/open.home.js';
import { wechatHome } from '../apps/adapter-wechat/test/wechat.home.js';
import { wecomHome } from '../apps/adapter-wecom/test/wecom.home.js';
import { yixinHome } from '../apps/adapter-yixin/test/yixin.home.js';
import type { SimulatedHome } from './contract/simulated-home.js';
import { PlainAdapter, type Fault } from './support/plain-adapter.js';

/** Somebody who answers every message with the same text. */
function echoes(far: TestNetwork, person: string): void {
  far.onAct = (act: TestAct) => {
    if (act.to === person && act.kind === 'message' && act.text)
      far.act({ kind: 'message', from: person, to: act.from, text: act.text });
  };
}

const verdicts = ({ cases }: Report, verdict: string) =>
  cases.filter((one) => one.verdict === verdict).map(({ id }) => id);
const reasons = ({ cases }: Report) =>
  cases.flatMap(({ id, reason }) => (reason === undefined ? [] : [`${id}: ${reason}`]));

let hub: HubFixture;
beforeAll(async () => {
  hub = await HubFixture.open();
  // The console creates them before the first certification: the certifier sends pictures.
  if (hub.link.session) await createMissing(hub.link.session, networkTopology(CERTIFY));
  await hub.switch();
});
afterAll(() => hub?.close(), 60_000);

async function tried(slug: string, over: Partial<CertifyOptions> = {}): Promise<Report> {
  const options = {
    network: network(slug),
    loopback: 'echo',
    stranger: 'nobody',
    patienceMs: 10_000,
    ...over,
  };
  return certify(hub.link, hub.publisher, await hub.grants(), options);
}

describe('an adapter that keeps the contract', () => {
  let good: TestNetwork;
  afterAll(() => good?.close());

  test('passes all that it declares', async () => {
    await hub.serveSignOn(['good', 'certify']);
    good = await hub.testNetwork('good');
    good.knowsNot('nobody');
    echoes(good, 'echo');
    const report = await tried('good');
    expect(reasons(report)).toEqual([
      'group: the adapter does not declare group',
      'call: the adapter does not declare call',
    ]);
    expect(report).toMatchObject({ level: 'L2', suite: '3' });
    expect(good.repeats).toBe(0);
  });
});

describe('our own adapters are certified like anybody’s, each by a loopback among its people', () => {
  const NO_GROUPS_NO_CALLS = [
    'group: the adapter does not declare group',
    'call: the adapter does not declare call',
  ];
  const MEMBERS: [network: string, open: () => Promise<SimulatedHome>, echo: string, nobody: string][] = [
    ['open', () => openHome(hub, 'webhook'), 'echo', 'nobody'],
    ['fetion', () => fetionHome(hub), '13800138000', '13999999999'],
    ['wechat', () => wechatHome(hub), 'echo', openIdOf('nobody')],
    ['wecom', () => wecomHome(hub), 'echo', 'nobody'],
    ['yixin', () => yixinHome(hub), 'echo', openIdOf('nobody')],
  ];
  const homes: SimulatedHome[] = [];
  const reports = new Map<string, Report>();

  async function triedAtHome([slug, open, echo, nobody]: (typeof MEMBERS)[number]): Promise<void> {
    const home = await open();
    homes.push(home);
    const person = home.person(echo);
    answersEverything(person);
    // A bot account can write only to people who have written to it.
    if (home.channel !== undefined) await person.act({ do: 'write', to: home.channel, text: 'hello' });
    reports.set(slug, await tried(slug, { loopback: person.native, stranger: nobody }));
  }

  beforeAll(async () => {
    await hub.serveSignOn(['certify', ...MEMBERS.map(([slug]) => slug)]);
    await Promise.all(MEMBERS.map(triedAtHome));
  });
  afterAll(async () => {
    for (const home of homes) await home.stop();
  });

  test.each(MEMBERS.map(([slug]) => slug))('%s reaches level 2', (slug) => {
    const pictures = slug === 'fetion' ? ['media: the adapter does not declare media, pictures'] : [];
    const report = reports.get(slug);
    expect(report && reasons(report)).toEqual([...pictures, ...NO_GROUPS_NO_CALLS]);
    expect(report?.level).toBe('L2');
  });
});

describe('an adapter without the kit', () => {
  const AFTER_THE_POISON = ['edit', 'recall', 'authorship', 'reaction', 'reply', 'receipts', 'typing'];
  const ALL_TRAFFIC = ['text', 'once', 'order', 'unknown-person', 'expired', 'long-text', 'poison'];

  const FAULTS: [fault: Fault, failing: string[], level: Report['level']][] = [
    ['nothing', [], 'L2'],
    ['shows what comes again', ['once'], null],
    ['buries nothing', ['poison'], null],
    ['dies of what it cannot read', ['poison', ...AFTER_THE_POISON], null],
    ['confirms nothing', [...ALL_TRAFFIC, ...AFTER_THE_POISON], null],
  ];
  const reports = new Map<Fault | 'absence', Report>();

  async function triedWith(fault: Fault, patienceMs: number): Promise<void> {
    const slug = `plain-${fault.length}`;
    const creds = readFileSync(await hub.admit(slug), 'utf8');
    const adapter = await PlainAdapter.start({ slug, natsUrl: hub.natsUrl, creds, person: 'echo', fault });
    reports.set(fault, await tried(slug, { patienceMs }));
    await adapter.stop();
  }

  // Side by side: they are mostly waited for.
  beforeAll(async () => {
    await hub.admit('absent');
    const absent = tried('absent').then((report) => reports.set('absence', report));
    await Promise.all([
      absent,
      ...FAULTS.map(([fault, { length }]) => triedWith(fault, length > 1 ? 900 : 9000)),
    ]);
  });

  test.each(FAULTS)('whose fault is %s fails exactly there', (fault, failing, level) => {
    const report = reports.get(fault);
    expect({ failed: report && verdicts(report, 'fail'), level: report?.level }).toEqual({
      failed: failing,
      level,
    });
  });

  test('that is not there fails at the first case, and nothing else is tried', () => {
    const report = reports.get('absence');
    expect(report && verdicts(report, 'fail')).toEqual(['signed-on']);
    expect(report && verdicts(report, 'skipped')).toHaveLength((report?.cases.length ?? 0) - 1);
    expect(report?.level).toBeNull();
  });
});
