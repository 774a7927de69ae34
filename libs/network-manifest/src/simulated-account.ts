/** One official account of a simulated platform of the WeChat family, as `npm start` runs it. */
import { PLATFORM_FIELDS } from '#phones';
import type { PlatformOptions, PlatformSimulator } from '#simulators';
import { accountIdOf, openIdOf } from '#simulators/platform/ids';
import { OPEN_ID } from '#simulators/platform/pushed-types';
import type { StandaloneNetwork } from './manifest.js';
import type { NetworkPerson } from './person.js';
import type { PhoneLook } from './phone-look.js';
import { simulatedBot } from './simulated-bot.js';
import { simulatedPerson } from './simulated-person.js';

/** Higher than on the real platform, so that a demonstration does not end after five messages. */
const QUOTA = { message: 100_000, event: 100 };

interface SimulatedAccount {
  slug: string;
  ports: { simulator: number; adapter: number };
  /** Words from which the OpenIDs of the people are made. */
  people: string[];
  encrypted: boolean;
  person: Pick<NetworkPerson, 'lines'> & { firstWords?: string };
  look: PhoneLook;
  open: (options: PlatformOptions) => Promise<PlatformSimulator>;
}

export function simulatedAccount(about: SimulatedAccount): StandaloneNetwork {
  const { slug, ports, people: words, encrypted, person, look, open } = about;
  const appId = `${slug}-hutong`;
  return simulatedBot({
    slug,
    ports,
    path: '/callback',
    words,
    nativeOf: (word) => (OPEN_ID.test(word) ? word : openIdOf(word)),
    channel: accountIdOf(appId),
    person: simulatedPerson(slug, {
      abilities: [],
      nobody: 'o0000000000000000000000nobdy',
      fields: PLATFORM_FIELDS,
      ...person,
    }),
    look,
    options: (secretOf, { secrets }) => ({
      appId,
      secret: secretOf('secret'),
      token: secretOf('token'),
      quota: QUOTA,
      ...(encrypted ? { mode: 'safe' as const, encodingAesKey: secrets.aesKey } : {}),
    }),
    open,
    connect: (simulator, callbackUrl) => simulator.connectCallback(callbackUrl),
    environment: (secretOf, url, { secrets }) => ({
      ACCOUNT_API_URL: url,
      ACCOUNT_ID: appId,
      ACCOUNT_SECRET: secretOf('secret'),
      ACCOUNT_TOKEN: secretOf('token'),
      ACCOUNT_WINDOW_MESSAGES: String(QUOTA.message),
      ...(encrypted ? { ACCOUNT_MODE: 'safe', ACCOUNT_AES_KEY: secrets.aesKey } : {}),
    }),
  });
}
