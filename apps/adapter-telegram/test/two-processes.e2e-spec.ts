/** Two processes of the Telegram adapter before one bot. Telegram does not recognise a message that is sent twice. */
import { shareAnAccount } from '../../../test/contract/two-processes.js';
import { BOT_ID, TelegramSimulator, userIdOf } from '../simulator/index.js';

const TOKEN = `${BOT_ID}:token-of-the-bot`;
const SECRET = 'a-secret-of-ours';

shareAnAccount(async () => {
  const telegram = await TelegramSimulator.open({ token: TOKEN, retryMs: 200 });
  const person = telegram.person(userIdOf('nina'));
  person.started = true;
  return {
    slug: 'telegram',
    account: BOT_ID,
    person,
    url: telegram.url,
    settings: (url) => ({
      TELEGRAM_API_URL: url,
      TELEGRAM_TOKEN: TOKEN,
      TELEGRAM_SECRET: SECRET,
      // The address that a process enters at its start; the load balancer takes its place.
      TELEGRAM_WEBHOOK_URL: 'http://127.0.0.1:9/webhook',
    }),
    connect: (url) => telegram.enter(`${url}/webhook`, SECRET),
    sends: '/sendMessage',
    repeatNext: () => telegram.faults.duplicate(),
    idle: () => telegram.idle(),
    isIdempotent: false,
    refusals: {
      tooMany: {
        status: 429,
        body: {
          ok: false,
          error_code: 429,
          description: 'Too Many Requests: retry after 5',
          parameters: { retry_after: 5 },
        },
      },
      badToken: { status: 401, body: { ok: false, error_code: 401, description: 'Unauthorized' } },
    },
    close: () => telegram.close(),
  };
});
