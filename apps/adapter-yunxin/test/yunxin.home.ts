/** A simulated Yunxin with the real adapter on a hub. */
import { straight, type SimulatedHome, type Through } from '../../../test/contract/simulated-home.js';
import type { HubFixture } from '../../../test/support/hub-fixture.js';
import { YunxinSimulator } from '../simulator/index.js';

const ROBOT = 'hutong_robot';

export interface YunxinHome extends SimulatedHome {
  yunxin: YunxinSimulator;
}

export async function yunxinHome(hub: HubFixture, through: Through = straight): Promise<YunxinHome> {
  const yunxin = await YunxinSimulator.open({ appKey: 'app-key', appSecret: 'app-secret' });
  const app = await hub.app('adapter-yunxin', 'dist/apps/adapter-yunxin/src/main.js', {
    NATS_CREDS: await hub.admit('yunxin'),
    YUNXIN_API_URL: await through(yunxin.url),
    MEDIA_PRIVATE_HOSTS: new URL(yunxin.url).host,
    YUNXIN_APP_KEY: 'app-key',
    YUNXIN_APP_SECRET: 'app-secret',
  });
  await yunxin.connectCopy(`${app.url}/copy`);
  return {
    network: 'yunxin',
    introducesGhosts: true,
    app,
    yunxin,
    channel: ROBOT,
    person: (accid) => yunxin.person(accid),
    ghostOf: (seenBy, foreign, name) =>
      seenBy.timeline.find((seen) => seen.name === `${name} (${foreign.split('@').at(-1) ?? ''})`)?.from,
    stop: () => yunxin.close(),
  };
}
