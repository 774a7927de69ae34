/** A network leaves: everything works until its date; from then on senders from and to the network are notified. */
import type { TestNetwork } from '#adapter-contract';
import { HubFixture, until } from './support/hub-fixture.js';

let hub: HubFixture;
let north: TestNetwork;
let south: TestNetwork;

beforeAll(async () => {
  hub = await HubFixture.open();
  await hub.switch();
  await hub.serveSignOn(['north', 'south']);
  north = await hub.testNetwork('north');
  south = await hub.testNetwork('south');
});

afterAll(async () => {
  await hub?.close();
  await north?.close();
  await south?.close();
});

const say = (from: TestNetwork, who: string, to: string, text: string) =>
  from.act({ kind: 'message', from: who, to, text });
const heard = (on: TestNetwork, who: string, text: string) =>
  on.inbox(who).some((seen) => seen.text === text);
const told = (on: TestNetwork, who: string, code: string) => on.inbox(who).some((seen) => seen.code === code);

test('everything works until the date of departure; then senders on both sides are notified that the network left', async () => {
  const leavesIn = async (ms: number) => {
    const day = new Date(Date.now() + ms);
    await hub.amend('north', { status: 'leaving', leavesAt: day.toISOString() });
    return day;
  };
  await leavesIn(3600_000);
  say(north, 'nora', 'sam@south', 'still here');
  await until('sam to get it', () => heard(south, 'sam', 'still here'));
  const day = await leavesIn(1000);
  await until('the day', () => new Date() > day);
  say(north, 'nora', 'sam@south', 'too late');
  say(south, 'sam', 'nora@north', 'too late as well');
  await until('nora to be notified', () => told(north, 'nora', '15'));
  await until('sam to be notified', () => told(south, 'sam', '15'));
  expect([heard(south, 'sam', 'too late'), heard(north, 'nora', 'too late as well')]).toEqual([false, false]);
});
