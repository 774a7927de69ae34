/** Reports that come before their message, on a real bus: the process that took one ends before the message is known. */
import { network } from '#protocol';
import { silentLog } from '#service';
import { adapterMemory } from '../../../test/support/adapter-memory.js';
import { HubFixture } from '../../../test/support/hub-fixture.js';
import { EarlyReports } from './early-reports.js';
import type { LateReport } from './late-outcomes.js';

const sms = network('sms');
const BOUNCED: LateReport = { stage: 'failed', basis: 'network', code: '14', detail: 'no such number' };

let hub: HubFixture;
let creds: string;
/** Native messages that the network has answered for. */
const known = new Set<string>();
const applied: string[] = [];

beforeAll(async () => {
  hub = await HubFixture.open();
  creds = await hub.admit(sms);
});
afterAll(() => hub?.close());

/** One more process of the adapter, with the rights of the network. */
async function aProcess(): Promise<EarlyReports> {
  const { recent } = await adapterMemory(hub, sms, creds);
  const reports = new EarlyReports({
    network: sms,
    store: recent,
    apply: (native, { stage }) => {
      if (known.has(native)) applied.push(`${native} ${stage}`);
      return Promise.resolve(known.has(native));
    },
    expired: () => undefined,
    log: silentLog,
  });
  hub.stops.push(() => reports.stop());
  return reports;
}

test('the next process carries out a report that the first one took, and the one after it finds nothing', async () => {
  const first = await aProcess();
  await first.keep('m1', BOUNCED);
  const second = await aProcess();
  known.add('m1');
  await second.start();
  await second.round();
  expect(applied).toEqual(['m1 failed']);
  await second.stop();
  const third = await aProcess();
  await third.start();
  await third.round();
  await third.stop();
  expect(applied).toEqual(['m1 failed']);
});

test('a report that two processes take is stored once, and found by the process that starts next', async () => {
  const [one, other] = [await aProcess(), await aProcess()];
  await Promise.all([one.keep('m2', BOUNCED), other.keep('m2', BOUNCED)]);
  const next = await aProcess();
  applied.length = 0;
  known.add('m2');
  await next.start();
  await next.round();
  await next.stop();
  expect(applied).toEqual(['m2 failed']);
});
