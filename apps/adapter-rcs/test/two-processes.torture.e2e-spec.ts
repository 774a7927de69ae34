/** Two processes of the adapter for 5G messages before one chatbot. A platform does not recognise a message that is sent twice. */
import { shareAnAccount } from '../../../test/contract/two-processes.js';
import { CHATBOT, numberOf, RcsSimulator } from '../simulator/index.js';
import { SECRETS, settingsOf } from './rcs.home.js';

shareAnAccount(async () => {
  const rcs = await RcsSimulator.open({ dialect: 'json', ...SECRETS, retryMs: 200 });
  return {
    slug: 'rcs',
    account: CHATBOT,
    person: rcs.person(numberOf('laochen')),
    url: rcs.url,
    settings: (url) => settingsOf('json', url),
    connect: (url) => rcs.connect(`${url}/notify`),
    sends: '/messages',
    repeatNext: () => rcs.faults.duplicate(),
    idle: () => rcs.idle(),
    isIdempotent: false,
    refusals: {
      tooMany: { status: 200, body: { errorCode: 30003, errorMessage: 'over the rate' } },
      badToken: { status: 200, body: { errorCode: 40014, errorMessage: 'invalid access token' } },
    },
    close: () => rcs.close(),
  };
});
