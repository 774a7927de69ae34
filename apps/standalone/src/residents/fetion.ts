/** Fetion: simulated, with a robot and a pool of accounts for ghosts. */
import { writeSecretFile } from '../secrets.js';
import type { House, Resident } from '../house.js';
import { FETION_CAPABILITIES } from '../../../adapter-fetion/src/fetion.capabilities.js';
import { account } from './accounts.js';

const PEOPLE = ['13800138000', '13800138001'];
const POOL = 40;
const ROBOT_SID = '700000000';

export const fetion: Resident = {
  slug: 'fetion',
  name: 'Fetion (simulated)',

  async open({ ports }) {
    await ports.choose('fetion-http', 8091);
    await ports.choose('fetion-sipc', 8092);
    return true;
  },

  async join(house, bus) {
    const { supervisor, ports, folder } = house;
    const lines = fetionAccounts(house).map(({ mobile, password }) => `${mobile} ${password}`);
    await supervisor.app('adapter-fetion', await ports.choose('adapter-fetion', 8083), {
      ...bus,
      FETION_NAVIGATION_URL: `http://127.0.0.1:${ports.of('fetion-http')}`,
      FETION_ACCOUNTS: writeSecretFile(folder, 'fetion-accounts.txt', lines.join('\n')),
    });
  },

  people: () => PEOPLE.map((mobile) => account('fetion', mobile)),
  ghostOf: (_house, { address }) => `@${address}`,
  describe: ({ ports }, common) => ({
    fetion: {
      usersUrl: usersUrl(ports),
      language: FETION_CAPABILITIES.language,
      channel: ROBOT_SID,
      ...common,
    },
  }),
};

/** The first is the robot. */
export function fetionAccounts({ secrets }: House) {
  return Array.from({ length: POOL + 1 }, (_, at) => ({
    mobile: `139${String(at).padStart(8, '0')}`,
    sid: String(Number(ROBOT_SID) + at),
    userId: 390_000_000 + at,
    nickname: at === 0 ? '互通 Hutong' : `hutong ${at}`,
    password: secrets.passwordOf(`fetion-${at}`),
  }));
}

export function usersUrl(ports: House['ports']): string {
  return `http://127.0.0.1:${ports.of('simulated-people')}`;
}
