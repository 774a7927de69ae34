/** Two processes of the QQ adapter before one bot of the official API. It recognises an answer that is sent twice (msg_seq). */
import { shareAnAccount } from '../../../test/contract/two-processes.js';
import { ACCOUNT, openidOf, QqSimulator } from '../simulator/index.js';
import { APP, settingsOf } from './qq.home.js';

/** The play sends more than five messages to one person who does not answer. */
const MANY = 100_000;

shareAnAccount(async () => {
  const qq = await QqSimulator.open({ profile: 'official', ...APP, retryMs: 200, windowReplies: MANY });
  const xiaoming = qq.person(openidOf('xiaoming'));
  return {
    slug: 'qq',
    account: ACCOUNT,
    person: xiaoming,
    url: qq.url,
    settings: (url) => ({ ...settingsOf('official', 'http', url), QQ_WINDOW_MESSAGES: String(MANY) }),
    connect: async (url) => {
      await qq.connect(`${url}/callback`);
      // A bot may only answer.
      await xiaoming.act({ do: 'write', to: ACCOUNT, text: '/help' });
      await qq.idle();
    },
    sends: '/messages',
    repeatNext: () => qq.faults.duplicate(),
    idle: () => qq.idle(),
    isIdempotent: true,
    refusals: {
      tooMany: { status: 429, body: { code: 20028, message: 'too many requests' } },
      badToken: { status: 401, body: { code: 11244, message: 'token not exist or expire' } },
    },
    close: () => qq.close(),
  };
});
