/** A simulated Telegram with the real adapter on a hub. */
import { SimulatedPhone } from '#phones';
import { straight, type SimulatedHome, type Through } from '../../../test/contract/simulated-home.js';
import type { HubFixture } from '../../../test/support/hub-fixture.js';
import { BOT_ID, TelegramSimulator, userIdOf } from '../simulator/index.js';

export interface TelegramHome extends SimulatedHome {
  telegram: TelegramSimulator;
}

export const TOKEN = `${BOT_ID}:token-of-the-bot`;

/** The adapter asks for updates, as without a public address. */
export async function telegramHome(hub: HubFixture, through: Through = straight): Promise<TelegramHome> {
  const telegram = await TelegramSimulator.open({ token: TOKEN, retryMs: 200 });
  const app = await hub.app('adapter-telegram', 'dist/apps/adapter-telegram/src/main.js', {
    NATS_CREDS: await hub.admit('telegram'),
    TELEGRAM_API_URL: await through(telegram.url),
    TELEGRAM_TOKEN: TOKEN,
  });
  return {
    network: 'telegram',
    app,
    telegram,
    channel: BOT_ID,
    person: (word) => telegram.person(userIdOf(word)),
    signIn: (person) => person.act({ do: 'write', to: BOT_ID, text: '/start' }),
    ghostOf: (seenBy, foreign, name) =>
      new SimulatedPhone(seenBy, undefined).numberOf(name, foreign.split('@').at(-1) ?? ''),
    stop: () => telegram.close(),
  };
}
