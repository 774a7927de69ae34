/** A simulated LINE with the real adapter on a hub. */
import { SimulatedPhone } from '#phones';
import { straight, type SimulatedHome, type Through } from '../../../test/contract/simulated-home.js';
import type { HubFixture } from '../../../test/support/hub-fixture.js';
import { ACCOUNT_ID, LineSimulator, userIdOf } from '../simulator/index.js';

export interface LineHome extends SimulatedHome {
  line: LineSimulator;
}

export async function lineHome(hub: HubFixture, through: Through = straight): Promise<LineHome> {
  const secrets = { channelSecret: 'channel-secret', channelToken: 'channel-token' };
  const line = await LineSimulator.open({ ...secrets, retryMs: 500 });
  const url = await through(line.url);
  const app = await hub.app('adapter-line', 'dist/apps/adapter-line/src/main.js', {
    NATS_CREDS: await hub.admit('line'),
    LINE_API_URL: url,
    LINE_DATA_URL: url,
    LINE_CHANNEL_SECRET: secrets.channelSecret,
    LINE_CHANNEL_TOKEN: secrets.channelToken,
    MEDIA_PRIVATE_HOSTS: new URL(line.url).host,
  });
  await line.connect(`${app.url}/webhook`);
  return {
    network: 'line',
    app,
    line,
    channel: ACCOUNT_ID,
    person: (word) => line.person(userIdOf(word)),
    ghostOf: (seenBy, foreign, name) =>
      new SimulatedPhone(seenBy, undefined).numberOf(name, foreign.split('@').at(-1) ?? ''),
    stop: () => line.close(),
  };
}
