/** One official account of a simulated platform of the WeChat family, as `npm start` runs it. */
import { PLATFORM_FIELDS } from '#phones';
import {
  accountIdOf,
  inBackground,
  OPEN_ID,
  openIdOf,
  type PlatformOptions,
  type PlatformSimulator,
} from '#simulators';
import { account } from './account.js';
import type { Installation } from './installation.js';
import type { Simulator, StandaloneNetwork } from './manifest.js';
import type { NetworkPerson } from './person.js';
import { simulatedPerson } from './simulated-person.js';

const RETRY_MS = 500;
/** Generous, so that a demonstration does not end after five lines. */
const QUOTA = { message: 100_000, event: 100 };

interface Options {
  callbackUrl: string;
  options: PlatformOptions;
}

interface SimulatedAccount {
  slug: string;
  ports: { simulator: number; adapter: number };
  /** Words from which the OpenIDs of the people are made. */
  people: string[];
  encrypted: boolean;
  person: Pick<NetworkPerson, 'lines'> & { firstWords?: string };
  open: (options: PlatformOptions) => Promise<PlatformSimulator>;
}

export function simulatedAccount(about: SimulatedAccount): StandaloneNetwork {
  const { slug, ports: usual, people, encrypted, person, open } = about;
  const appId = `${slug}-hutong`;
  const secretsOf = ({ secrets }: Installation) => ({
    secret: secrets.passwordOf(`${slug}-secret`),
    token: secrets.passwordOf(`${slug}-token`),
    aesKey: secrets.aesKey,
  });
  return {
    ports: { [slug]: usual.simulator, [`adapter-${slug}`]: usual.adapter },
    simulator: {
      options(installation) {
        const { secret, token, aesKey } = secretsOf(installation);
        const keys = encrypted ? { mode: 'safe' as const, encodingAesKey: aesKey } : {};
        return {
          callbackUrl: `http://127.0.0.1:${installation.ports.of(`adapter-${slug}`)}/callback`,
          options: { port: installation.ports.of(slug), appId, secret, token, quota: QUOTA, ...keys },
        };
      },
      async start({ callbackUrl, options }) {
        const simulator = await open(options);
        inBackground('callback', () => untilConnected(simulator, callbackUrl));
        return simulator;
      },
      channel: () => accountIdOf(appId),
      example: `${people[0]} (a short name; the OpenID is derived from it)`,
      nativeOf: (word) => (OPEN_ID.test(word) ? word : openIdOf(word)),
    } satisfies Simulator<Options>,
    environment(installation) {
      const { secret, token, aesKey } = secretsOf(installation);
      return {
        ACCOUNT_API_URL: `http://127.0.0.1:${installation.ports.of(slug)}`,
        MEDIA_PRIVATE_HOSTS: `127.0.0.1:${installation.ports.of(slug)}`,
        ACCOUNT_ID: appId,
        ACCOUNT_SECRET: secret,
        ACCOUNT_TOKEN: token,
        ...(encrypted ? { ACCOUNT_MODE: 'safe', ACCOUNT_AES_KEY: aesKey } : {}),
      };
    },
    people: () => people.map((word) => account(slug, openIdOf(word), '', word)),
    person: simulatedPerson(slug, {
      abilities: [],
      nobody: 'o0000000000000000000000nobdy',
      fields: PLATFORM_FIELDS,
      ...person,
    }),
    ghostOf: (_installation, { address }) => `@${address}`,
    describe: () => ({}),
  };
}

/** The adapter starts later than its platform, which refuses an address where nobody answers. */
async function untilConnected(simulator: PlatformSimulator, callbackUrl: string): Promise<void> {
  for (;;) {
    try {
      return await simulator.connectCallback(callbackUrl);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
