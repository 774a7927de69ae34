/** A simulated Fetion with the real adapter on a hub. */
import { straight, type SimulatedHome, type Through } from '../../../test/contract/simulated-home.js';
import type { HubFixture } from '../../../test/support/hub-fixture.js';
import { FetionService } from '../simulator/index.js';

const ONLINE = '400';

/** @param ghosts accounts that the operator grants beside the robot */
export async function fetionHome(
  hub: HubFixture,
  ghosts = 3,
  env: NodeJS.ProcessEnv = {},
  through: Through = straight,
): Promise<SimulatedHome & { service: FetionService }> {
  const service = await FetionService.open();
  const accounts = Array.from({ length: ghosts + 1 }, (_, at) =>
    service.account({ mobile: `139${String(at).padStart(8, '0')}`, password: `secret-${at}` }),
  );
  const app = await hub.app('adapter-fetion', 'dist/apps/adapter-fetion/src/main.js', {
    NATS_CREDS: await hub.admit('fetion'),
    FETION_NAVIGATION_URL: await through(service.httpUrl),
    FETION_ACCOUNTS: hub.file(
      'fetion-accounts',
      accounts.map(({ mobile, password }) => `${mobile} ${password}`).join('\n'),
    ),
    FETION_REPLY_MS: '3000',
    ...env,
  });
  return {
    network: 'fetion',
    introducesGhosts: true,
    signIn: (person) => person.act({ do: 'appear', state: ONLINE }),
    app,
    service,
    channel: accounts[0]?.sid,
    person: (mobile) => service.person(mobile),
    ghostOf: (_, foreign, name) =>
      accounts.find(({ sid }) => service.nicknameOf(sid) === `${name} (${foreign.split('@').at(-1) ?? ''})`)
        ?.sid,
    nameInContacts: (sid) => service.nicknameOf(sid),
    stop: () => service.close(),
  };
}
