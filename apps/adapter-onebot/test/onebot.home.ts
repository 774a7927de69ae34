/** Simulated bots with the real adapter on a hub. */
import { freePort } from '#engines';
import type { SimulatedHome } from '../../../test/contract/simulated-home.js';
import type { HubFixture } from '../../../test/support/hub-fixture.js';
import { BotsNetwork, fileOf, numberOf, type BotAccount } from '../simulator/index.js';

/** Bots that the plays may call by a word. */
const WORDS = ['ann', 'amy', 'xiaozhi'];

export function accounts(): BotAccount[] {
  return WORDS.map((word) => ({ number: numberOf(word), name: word, token: `token-of-the-bot-${word}` }));
}

export async function oneBotHome(hub: HubFixture): Promise<SimulatedHome> {
  // The adapter is ready when a bot is there: the bots call until it listens.
  const port = await freePort();
  const network = new BotsNetwork(`http://127.0.0.1:${port}`, { bots: accounts() });
  network.person(numberOf('ann'));
  const app = await hub.app('adapter-onebot', 'dist/apps/adapter-onebot/src/main.js', {
    NATS_CREDS: await hub.admit('bots'),
    HTTP_PORT: String(port),
    ONEBOT_BOTS: hub.file('onebot-bots', fileOf(accounts())),
    ONEBOT_MEDIA_URL: `http://127.0.0.1:${port}`,
  });
  return {
    network: 'bots',
    app,
    channel: undefined,
    person: (word) => network.person(numberOf(word)),
    ghostOf: (seenBy, _foreign, name) => seenBy.timeline.find((sight) => sight.name === name)?.from,
    stop: () => network.close(),
  };
}
