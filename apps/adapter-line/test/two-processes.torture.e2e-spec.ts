/** Two processes of the LINE adapter before one account. LINE recognises a message that is sent twice (X-Line-Retry-Key). */
import { shareAnAccount } from '../../../test/contract/two-processes.js';
import { ACCOUNT_ID, LineSimulator, userIdOf } from '../simulator/index.js';

const secrets = { channelSecret: 'channel-secret', channelToken: 'channel-token' };

shareAnAccount(async () => {
  const line = await LineSimulator.open({ ...secrets, retryMs: 200 });
  return {
    slug: 'line',
    account: ACCOUNT_ID,
    person: line.person(userIdOf('aoi')),
    url: line.url,
    settings: (url) => ({
      LINE_API_URL: url,
      LINE_DATA_URL: url,
      LINE_CHANNEL_SECRET: secrets.channelSecret,
      LINE_CHANNEL_TOKEN: secrets.channelToken,
    }),
    connect: (url) => line.connect(`${url}/webhook`),
    sends: '/push',
    repeatNext: () => line.faults.duplicate(),
    idle: () => line.idle(),
    isIdempotent: true,
    refusals: {
      tooMany: { status: 429, body: { message: 'The API rate limit has been exceeded. Try again later.' } },
      badToken: { status: 401, body: { message: 'Authentication failed.' } },
    },
    close: () => line.close(),
  };
});
