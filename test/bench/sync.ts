/** What writing each acknowledged message to disk costs: the same run on a server that does and on one that does not, by turns. */
import { HubFixture } from '../support/hub-fixture.js';
import type { Latency, Throughput } from './ceiling.js';
import { Spine } from './spine.js';
import { ThroughSwitch } from './switch.js';

const UNSAFE = { unsafeForTests: true };

export interface Compared {
  unsafe: (count: number, rate: number) => Promise<Throughput & Latency>;
  safe: (count: number, rate: number) => Promise<Throughput & Latency>;
  close: () => Promise<void>;
}

/** The switch in the middle, as in part `switch`. */
export async function switchBySync(): Promise<Compared> {
  const hubs = [await HubFixture.open(UNSAFE), await HubFixture.open()] as const;
  const [unsafe, safe] = await Promise.all(
    hubs.map(async (hub) => {
      for (const net of ['north', 'south']) await hub.admit(net);
      await hub.switch({ BUS_UNSAFE: '1' });
      return ThroughSwitch.open(hub);
    }),
  );
  if (!unsafe || !safe) throw new Error('no switch');
  return {
    unsafe: (count, rate) => unsafe.run(count, rate),
    safe: (count, rate) => safe.run(count, rate),
    close: async () => {
      for (const hub of hubs) await hub.close();
    },
  };
}

/** Network to network, as in part `spine`. */
export async function spineBySync(): Promise<Compared> {
  const [unsafe, safe] = [await Spine.open(UNSAFE), await Spine.open()];
  return {
    unsafe: (count, rate) => unsafe.run(count, rate),
    safe: (count, rate) => safe.run(count, rate),
    close: async () => {
      await unsafe.close();
      await safe.close();
    },
  };
}
