/** WeChat and Yixin: simulated, one official account each. */
import type { Capabilities } from '#protocol';
import { accountIdOf, openIdOf } from '#simulators';
import { OFFICIAL_ACCOUNT } from '../../../adapter-wechat/src/wechat.profiles.js';
import { YIXIN } from '../../../adapter-yixin/src/yixin.profile.js';
import type { Account, House, Resident } from '../house.js';
import { account } from './accounts.js';
import { usersUrl } from './fetion.js';

interface Platform {
  slug: 'wechat' | 'yixin';
  name: string;
  ports: { simulator: number; adapter: number };
  words: string[];
  language: Capabilities['language'];
  encrypted: boolean;
}

function platform({ slug, name, ports: usual, words, language, encrypted }: Platform): Resident {
  const people = () => words.map((word) => account(slug, openIdOf(word), '', word));
  return {
    slug,
    name,

    async open({ ports }) {
      await ports.choose(slug, usual.simulator);
      await ports.choose(`adapter-${slug}`, usual.adapter);
      return true;
    },

    async join({ supervisor, ports, secrets }, bus) {
      await supervisor.app(`adapter-${slug}`, ports.of(`adapter-${slug}`), {
        ...bus,
        ACCOUNT_API_URL: `http://127.0.0.1:${ports.of(slug)}`,
        MEDIA_PRIVATE_HOSTS: `127.0.0.1:${ports.of(slug)}`,
        ACCOUNT_ID: appIdOf(slug),
        ACCOUNT_SECRET: secrets.passwordOf(`${slug}-secret`),
        ACCOUNT_TOKEN: secrets.passwordOf(`${slug}-token`),
        ...(encrypted ? { ACCOUNT_MODE: 'safe', ACCOUNT_AES_KEY: secrets.aesKey } : {}),
      });
    },

    people,
    ghostOf: (_house, { address }: Account) => `@${address}`,
    describe: ({ ports }, common) => ({
      [slug]: { usersUrl: usersUrl(ports), language, channel: accountIdOf(appIdOf(slug)), ...common },
    }),
  };
}

export const wechat = platform({
  slug: 'wechat',
  name: 'WeChat (simulated official account)',
  ports: { simulator: 8093, adapter: 8084 },
  words: ['li', 'lin'],
  language: OFFICIAL_ACCOUNT.capabilities.language,
  encrypted: true,
});
export const yixin = platform({
  slug: 'yixin',
  name: 'Yixin (simulated public platform)',
  ports: { simulator: 8094, adapter: 8085 },
  words: ['wang', 'wu'],
  language: YIXIN.capabilities.language,
  encrypted: false,
});

export function appIdOf(slug: string): string {
  return `${slug}-hutong`;
}

/** What the simulator of the platform is told. */
export function platformOptions({ secrets, ports }: House, slug: 'wechat' | 'yixin') {
  return {
    callbackUrl: `http://127.0.0.1:${ports.of(`adapter-${slug}`)}/callback`,
    options: {
      port: ports.of(slug),
      appId: appIdOf(slug),
      secret: secrets.passwordOf(`${slug}-secret`),
      token: secrets.passwordOf(`${slug}-token`),
      ...(slug === 'wechat' ? { mode: 'safe' as const, encodingAesKey: secrets.aesKey } : {}),
      // Generous, so that a demonstration does not end after five lines.
      quota: { message: 100_000, event: 100 },
    },
  };
}
