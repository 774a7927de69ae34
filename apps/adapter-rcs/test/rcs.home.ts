/** A simulated platform for 5G messages with the real adapter on a hub. */
import { SimulatedPhone } from '#phones';
import { straight, type SimulatedHome, type Through } from '../../../test/contract/simulated-home.js';
import type { HubFixture } from '../../../test/support/hub-fixture.js';
import { CHATBOT, numberOf, RcsSimulator, type RcsOptions } from '../simulator/index.js';

export interface RcsHome extends SimulatedHome {
  rcs: RcsSimulator;
}

export const SECRETS = { appId: 'csp-17', appKey: 'key-of-the-csp', token: 'token-of-notifications' };

export function settingsOf(dialect: RcsOptions['dialect'], url: string): NodeJS.ProcessEnv {
  return {
    RCS_DIALECT: dialect,
    RCS_URL: url,
    RCS_CHATBOT: CHATBOT,
    RCS_APP_ID: SECRETS.appId,
    RCS_APP_KEY: SECRETS.appKey,
    RCS_TOKEN: SECRETS.token,
    RCS_WAIT_MS: '1000',
  };
}

export async function rcsHome(
  hub: HubFixture,
  dialect: RcsOptions['dialect'],
  through: Through = straight,
): Promise<RcsHome> {
  const rcs = await RcsSimulator.open({ dialect, ...SECRETS, retryMs: 500 });
  const app = await hub.app('adapter-rcs', 'dist/apps/adapter-rcs/src/main.js', {
    NATS_CREDS: await hub.admit('rcs'),
    ...settingsOf(dialect, await through(rcs.url)),
    // The platform names its own address in links to files.
    RCS_MEDIA_URL: rcs.url,
    MEDIA_PRIVATE_HOSTS: new URL(rcs.url).host,
  });
  await rcs.connect(`${app.url}/notify`);
  return {
    network: 'rcs',
    app,
    rcs,
    channel: CHATBOT,
    person: (word) => rcs.person(numberOf(word)),
    ghostOf: (seenBy, foreign, name) =>
      new SimulatedPhone(seenBy, undefined).numberOf(name, foreign.split('@').at(-1) ?? ''),
    stop: () => rcs.close(),
  };
}
