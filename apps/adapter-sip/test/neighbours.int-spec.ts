/** Two people of this network write to one another: their registrar is all they need. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SipSimulator } from '../simulator/index.js';
import { anAdapter, DOMAIN, PASSWORD, type AdapterDouble } from './adapter-double.js';
import { until } from './until.js';

let folder: string;
let home: AdapterDouble;
let simulator: SipSimulator;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sip-neighbours-'));
  home = await anAdapter(folder);
  simulator = await SipSimulator.open({ domain: DOMAIN, registrar: home.registrar, password: PASSWORD });
  await Promise.all(['ann', 'bea'].map((user) => simulator.person(user).whenRegistered()));
});

afterEach(async () => {
  await simulator.close();
  await home.stop();
  rmSync(folder, { recursive: true });
});

test('ann writes to bea, and hears that it was delivered and read; nothing of it goes abroad', async () => {
  const [ann, bea] = [simulator.person('ann'), simulator.person('bea')];
  const { id } = await ann.act({ do: 'write', to: 'bea', text: '你好' });
  await until(() => bea.timeline.some(({ text, from }) => text === '你好' && from === 'ann'));
  await until(() => ann.timeline.some(({ kind, target }) => kind === 'delivered' && target === id));
  await bea.act({ do: 'read', to: 'ann', target: id });
  await until(() => ann.timeline.some(({ kind, target }) => kind === 'read' && target === id));
  await bea.act({ do: 'type', to: 'ann', on: true });
  await until(() => ann.timeline.some(({ kind, from }) => kind === 'typing' && from === 'bea'));
  expect(home.double.submitted).toEqual([]);
});

test('ann learns at once that nobody has this name, and that bea is not there', async () => {
  const ann = simulator.person('ann');
  const stateOf = async (to: string) => {
    const { id } = await ann.act({ do: 'write', to, text: 'hello?' });
    return ann.timeline.find((sight) => sight.id === id)?.state;
  };
  expect(await stateOf('no-account')).toBe('404');
  await simulator.person('bea').act({ do: 'appear', state: 'offline' });
  expect(await stateOf('bea')).toBe('480');
});
