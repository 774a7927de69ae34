/** Two processes of the WhatsApp adapter before one number. WhatsApp does not recognise a message that is sent twice. */
import { shareAnAccount } from '../../../test/contract/two-processes.js';
import { ACCOUNT_NUMBER, numberOf, WhatsAppSimulator } from '../simulator/index.js';
import { SECRETS, settingsOf } from './whatsapp.home.js';

shareAnAccount(async () => {
  const whatsapp = await WhatsAppSimulator.open({ ...SECRETS, retryMs: 200 });
  const person = whatsapp.person(numberOf('amira'));
  person.lastWroteAt = Date.now();
  return {
    slug: 'whatsapp',
    account: ACCOUNT_NUMBER,
    person,
    url: whatsapp.url,
    settings: settingsOf,
    connect: (url) => whatsapp.connect(`${url}/webhook`),
    sends: '/messages',
    repeatNext: () => whatsapp.faults.duplicate(),
    idle: () => whatsapp.idle(),
    isIdempotent: false,
    refusals: {
      tooMany: { status: 429, body: { error: { code: 130429, message: 'Rate limit hit' } } },
      badToken: { status: 401, body: { error: { code: 190, message: 'Access token has expired' } } },
    },
    close: () => whatsapp.close(),
  };
});
