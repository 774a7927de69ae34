/** Networks of the open interface: a simulated Feiliao, and a sandbox that waits for whoever wants to join. */
import type { Resident } from '../house.js';
import { loadProfile } from '../../../adapter-open/src/profiles.js';
import { account } from './accounts.js';
import { usersUrl } from './fetion.js';

export const feiliao: Resident = {
  slug: 'feiliao',
  name: 'Feiliao (simulated, open interface)',

  async open({ ports }) {
    await ports.choose('feiliao', 8095);
    await ports.choose('adapter-feiliao', 8086);
    return true;
  },

  async join({ supervisor, ports, secrets }, bus) {
    await supervisor.app(
      'adapter-feiliao',
      ports.of('adapter-feiliao'),
      {
        ...bus,
        NETWORK: 'feiliao',
        OPEN_PROFILE: 'feiliao',
        OPEN_KEY: secrets.keyOf('feiliao'),
        OPEN_WEBHOOK_URL: `http://127.0.0.1:${ports.of('feiliao')}/hub`,
      },
      'adapter-open',
    );
  },

  people: () => ['+8613900139000', '+8613900139001'].map((phone) => account('feiliao', phone)),
  ghostOf: (_house, { address }) => address,
  describe: ({ ports }, common) => ({
    feiliao: { usersUrl: usersUrl(ports), language: loadProfile('feiliao').language, ...common },
  }),
};

/** For an author who tries his own network against all the others: his key is in data/standalone.json. */
export const sandbox: Resident = {
  slug: 'sandbox',
  name: 'Sandbox (open interface, yours to connect)',
  waits: true,
  open: async ({ ports }) => (await ports.choose('adapter-sandbox', 8087)) > 0,

  async join({ supervisor, ports, secrets }, bus) {
    await supervisor.app(
      'adapter-sandbox',
      ports.of('adapter-sandbox'),
      {
        ...bus,
        NETWORK: 'sandbox',
        OPEN_KEY: secrets.keyOf('sandbox'),
      },
      'adapter-open',
    );
  },

  people: () => [],
  ghostOf: (_house, { address }) => address,
  describe: ({ ports, secrets }, { ghostOf }) => ({
    sandbox: {
      url: `http://127.0.0.1:${ports.of('adapter-sandbox')}`,
      key: secrets.keyOf('sandbox'),
      ghostOf,
    },
  }),
};
