/** One bot account on a simulated platform that calls the adapter, as `npm start` runs it. */
import { sleep } from '#service/retry';
import type { SimulatedNetwork } from '#simulators';
import { inBackground } from '#simulators/in-background';
import { account } from './account.js';
import type { Installation } from './installation.js';
import type { Simulator, StandaloneNetwork } from './manifest.js';
import type { NetworkPerson } from './person.js';
import type { PhoneLook } from './phone-look.js';

const RETRY_MS = 500;
const MAX_ATTEMPTS = 1200;

/** The secret with this name, for this network and installation. */
export type SecretOf = (name: string) => string;

export interface SimulatedBot<Options extends object, Network extends SimulatedNetwork> extends Pick<
  StandaloneNetwork,
  'routes' | 'ladder'
> {
  slug: string;
  /** The usual ports. */
  ports: { simulator: number; adapter: number };
  /** Path of the callback address at the adapter. */
  path: string;
  /** Words from which the native ids of the people are made. */
  words: string[];
  /** The native id for a short name; a native id is returned unchanged. */
  nativeOf(word: string): string;
  /** Native id of the account. */
  channel: string;
  person: NetworkPerson;
  look: PhoneLook;
  /** Options of the simulator, in addition to its port. */
  options(secretOf: SecretOf, installation: Installation): Options;
  open(options: Options & { port: number }): Promise<Network>;
  /** Enters the callback address. @throws while the address does not answer */
  connect(network: Network, callbackUrl: string): Promise<void>;
  /** Settings of the adapter. @param url of the simulator */
  environment(secretOf: SecretOf, url: string, installation: Installation): NodeJS.ProcessEnv;
}

interface Started<Options> {
  callbackUrl: string;
  options: Options & { port: number };
}

export function simulatedBot<Options extends object, Network extends SimulatedNetwork>(
  bot: SimulatedBot<Options, Network>,
): StandaloneNetwork {
  const { slug, ports: usual, path, words, channel, person, look, routes, ladder } = bot;
  const secretsOf =
    ({ secrets }: Installation): SecretOf =>
    (name) =>
      secrets.passwordOf(`${slug}-${name}`);
  const hostOf = ({ ports }: Installation) => `127.0.0.1:${ports.of(slug)}`;
  return {
    ports: { [slug]: usual.simulator, [`adapter-${slug}`]: usual.adapter },
    simulator: {
      options: (installation) => ({
        callbackUrl: `http://127.0.0.1:${installation.ports.of(`adapter-${slug}`)}${path}`,
        options: {
          ...bot.options(secretsOf(installation), installation),
          port: installation.ports.of(slug),
        },
      }),
      async start({ callbackUrl, options }) {
        const simulator = await bot.open(options);
        inBackground('callback', () => untilConnected(() => bot.connect(simulator, callbackUrl)));
        return simulator;
      },
      channel: () => channel,
      example: words[0] ?? '',
      nativeOf: (word) => bot.nativeOf(word),
    } satisfies Simulator<Started<Options>>,
    environment: (installation) => ({
      MEDIA_PRIVATE_HOSTS: hostOf(installation),
      ...bot.environment(secretsOf(installation), `http://${hostOf(installation)}`, installation),
    }),
    ...(routes ? { routes } : {}),
    ...(ladder ? { ladder } : {}),
    people: () => words.map((word) => account(slug, bot.nativeOf(word), '', word)),
    person,
    look,
    ghostOf: (_installation, { address }) => `@${address}`,
    describe: () => ({}),
  };
}

/**
 * The adapter starts later than its platform, which refuses an address that does not answer.
 * @throws the last error, when the adapter has not answered within ten minutes
 */
async function untilConnected(connect: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await connect();
    } catch (thrown) {
      if (attempt >= MAX_ATTEMPTS) throw thrown;
      await sleep(RETRY_MS);
    }
  }
}
