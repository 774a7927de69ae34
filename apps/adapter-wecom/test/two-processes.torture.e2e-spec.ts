/**
 * Two processes of the WeCom adapter before one app: callbacks are encrypted, both use one access token, and WeCom does not recognise
 * a message that is sent twice.
 */
import { shareAnAccount } from '../../../test/contract/two-processes.js';
import { openWecom } from '../simulator/index.js';

const account = { appId: 'wecom-app-id', secret: 'wecom-secret', token: 'wecomtoken' };
/** Messages to one member: more than these tests send. */
const MANY = 100_000;
const agentId = '1000002';
const encodingAesKey = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C';

shareAnAccount(async () => {
  const wecom = await openWecom({
    ...account,
    agentId,
    mode: 'safe',
    encodingAesKey,
    memberPerMinute: MANY,
    memberPerHour: MANY,
    retryMs: 200,
    quota: { message: 1_000_000 },
  });
  return {
    slug: 'wecom',
    account: wecom.account,
    person: wecom.person('aoi'),
    url: wecom.url,
    settings: (url) => ({
      ACCOUNT_API_URL: url,
      ACCOUNT_ID: account.appId,
      ACCOUNT_SECRET: account.secret,
      ACCOUNT_TOKEN: account.token,
      ACCOUNT_AGENT_ID: agentId,
      ACCOUNT_AES_KEY: encodingAesKey,
      ACCOUNT_MODE: 'safe',
      ACCOUNT_PER_MINUTE: String(MANY),
      ACCOUNT_PER_HOUR: String(MANY),
    }),
    connect: (url) => wecom.connectCallback(`${url}/callback`),
    sends: '/cgi-bin/message/send',
    repeatNext: () => wecom.faults.duplicate(),
    idle: () => wecom.idle(),
    isIdempotent: false,
    refusals: {
      tooMany: { status: 200, body: { errcode: 45009, errmsg: 'api freq out of limit' } },
      badToken: { status: 200, body: { errcode: 42001, errmsg: 'access_token expired' } },
    },
    close: () => wecom.close(),
  };
});
