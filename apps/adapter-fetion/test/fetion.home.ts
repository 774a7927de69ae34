/** A simulated Fetion with the real adapter on a hub. */
import { straight, type SimulatedHome, type Through } from '../../../test/contract/simulated-home.js';
import type { HubFixture } from '../../../test/support/hub-fixture.js';
import { FetionService, type FetionAccount } from '../simulator/index.js';

const ONLINE = '400';

/** Accounts of the operator: the robot, and one for each ghost. */
export function accountsAt(service: FetionService, ghosts: number): FetionAccount[] {
  return Array.from({ length: ghosts + 1 }, (_, at) =>
    service.account({ mobile: `139${String(at).padStart(8, '0')}`, password: `secret-${at}` }),
  );
}

/** @param url of the navigation server */
export function settingsOf(hub: HubFixture, accounts: FetionAccount[], url: string): NodeJS.ProcessEnv {
  const lines = accounts.map(({ mobile, password }) => `${mobile} ${password}`);
  return {
    FETION_NAVIGATION_URL: url,
    FETION_ACCOUNTS: hub.file('fetion-accounts', lines.join('\n')),
    FETION_REPLY_MS: '3000',
  };
}

/** @param ghosts accounts that the operator grants beside the robot */
export async function fetionHome(
  hub: HubFixture,
  ghosts = 3,
  env: NodeJS.ProcessEnv = {},
  through: Through = straight,
): Promise<SimulatedHome & { service: FetionService }> {
  const service = await FetionService.open();
  const accounts = accountsAt(service, ghosts);
  const app = await hub.app('adapter-fetion', 'dist/apps/adapter-fetion/src/main.js', {
    NATS_CREDS: await hub.admit('fetion'),
    ...settingsOf(hub, accounts, await through(service.httpUrl)),
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
