/** Simulated official accounts and apps of the WeChat family as homes, each with the real adapter on a hub. */
import { openIdOf, type PlatformOptions, type PlatformSimulator } from '#simulators';
import { SimulatedPhone } from '#phones';
import type { HubFixture } from '../support/hub-fixture.js';
import { straight, type SimulatedHome, type Through } from './simulated-home.js';

const AES_KEY = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C';

export interface PlatformHome extends SimulatedHome {
  platform: PlatformSimulator;
}

/** What differs between the platforms. */
export interface Platform {
  slug: string;
  open: (options: PlatformOptions) => Promise<PlatformSimulator>;
  encrypted: boolean;
  /** Further options of the simulator, and the settings of the adapter that go with them. */
  more?: { options: Partial<PlatformOptions>; env: NodeJS.ProcessEnv };
  /** Native id of the person that a test calls by a word. */
  nativeOf?: (word: string) => string;
}

export interface PlatformHomeOptions {
  env?: NodeJS.ProcessEnv;
  quota?: { message: number };
  through?: Through;
}

export async function platformHome(
  hub: HubFixture,
  { slug, open, encrypted, more, nativeOf = openIdOf }: Platform,
  { env = {}, quota = { message: 1_000_000 }, through = straight }: PlatformHomeOptions = {},
): Promise<PlatformHome> {
  const account = { appId: `${slug}-app-id`, secret: `${slug}-secret`, token: `${slug}token` };
  const platform = await open({
    ...account,
    mode: encrypted ? 'safe' : 'plain',
    ...(encrypted ? { encodingAesKey: AES_KEY } : {}),
    quota,
    memberPerMinute: 1000,
    ...more?.options,
  });
  const app = await hub.app(`adapter-${slug}`, `dist/apps/adapter-${slug}/src/main.js`, {
    NATS_CREDS: await hub.admit(slug),
    NETWORK: slug,
    ACCOUNT_API_URL: await through(platform.url),
    MEDIA_PRIVATE_HOSTS: new URL(platform.url).host,
    ACCOUNT_ID: account.appId,
    ACCOUNT_SECRET: account.secret,
    ACCOUNT_TOKEN: account.token,
    ACCOUNT_WINDOW_MESSAGES: String(quota.message),
    ...(encrypted ? { ACCOUNT_AES_KEY: AES_KEY, ACCOUNT_MODE: 'safe' } : {}),
    ...more?.env,
    ...env,
  });
  await platform.connectCallback(`${app.url}/callback`);
  return {
    network: slug,
    app,
    platform,
    channel: platform.account,
    // The reply window of a person opens with a word of theirs.
    signIn: (person) => person.act({ do: 'write', to: platform.account, text: '帮助' }),
    person: (word) => platform.person(nativeOf(word)),
    ghostOf: (seenBy, foreign, name) =>
      new SimulatedPhone(seenBy, undefined).numberOf(name, foreign.split('@').at(-1) ?? ''),
    stop: () => platform.close(),
  };
}
