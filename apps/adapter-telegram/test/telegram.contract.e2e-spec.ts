/** The contract suite: Telegram, simulated. */
import type { Oddity } from '#phones';
import { keepsTheContract } from '../../../test/contract/keeps-the-contract.js';
import { until } from '../../../test/support/until.js';
import { NO_ROOMS, simulated } from '../../../test/contract/simulated-home.js';
import { TELEGRAM_CAPABILITIES } from '../src/telegram.config.js';
import { userIdOf, type TelegramSimulator } from '../simulator/index.js';
import { telegramHome } from './telegram.home.js';

let telegram: TelegramSimulator;

/** A native thing without a canonical form: an animated sticker, of which Telegram tells the emoji. */
const aSticker: Oddity = (word, to) => ({
  act: { do: 'send', to, what: 'sticker', fields: { meaning: word } },
  words: word,
});

keepsTheContract(
  'adapter-telegram on a simulated Telegram',
  'simulated',
  {
    capabilities: TELEGRAM_CAPABILITIES,
    hasNoRooms: NO_ROOMS,
    annCan: ['reply', 'edit', 'react', 'sendFile', 'rename'],
    without: { look: 'the adapter asks Telegram for a picture once an hour' },
    sendsAtMostOnce: 'Telegram neither recognises a repeated call nor says whether it carried one out',
    ghosts: false,
    saysUnknown: ({ text }) => (text ?? '').includes('no such person'),
  },
  (hub) =>
    simulated(
      hub,
      'telegram',
      'ann',
      async () => {
        const home = await telegramHome(hub);
        telegram = home.telegram;
        return home;
      },
      aSticker,
    ),
  (stage) => {
    test('an edit to a long text, of which a part gets no answer: sue is told that it is in doubt, and ann sees each part once', async () => {
      const { far, network } = stage();
      const [from, to] = ['sue of the edit', `${telegram.person(userIdOf('ann')).native}@${network}`];
      const { timeline } = telegram.person(userIdOf('ann'));
      const said = (text: string) => timeline.filter((seen) => seen.text?.includes(text));
      const heard = () => far.inbox(from).filter(({ kind }) => kind === 'failure');
      const target = far.act({ kind: 'message', from, to, text: 'a seed of doubt' });
      await until('the seed', () => said('a seed of doubt').length === 1);
      telegram.faults.silence('taken');
      const text = `the beginning ${'and so on '.repeat(700)} the end`;
      far.act({ kind: 'edit', from, to, target, text });
      await until('word of the edit', () => heard().length > 0);
      expect(heard()).toMatchObject([{ code: '103', target }]);
      expect([said('the beginning').length, said('the end').length]).toEqual([1, 1]);
    });

    test('updates are asked for without a pause, and a webhook is only removed when there is one', () => {
      const methods = telegram.api.calls.map(({ method }) => method);
      expect(methods).toContain('getUpdates');
      expect(methods).not.toContain('deleteWebhook');
    });
  },
);
