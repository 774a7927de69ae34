import { isolatesConversations } from '#adapter-contract';
import { HubDouble } from '../../../libs/bot-contacts/src/testing/hub-double.js';
import { qqAdapter } from '../src/qq.module.js';
import { qqSettings } from '../src/qq.config.js';

type Slow = Parameters<Parameters<typeof isolatesConversations>[0]>[0];

const seconds = 1_764_446_000;

const eventOf = {
  onebot11: (person: number, text: string) => ({
    time: seconds,
    self_id: 10_000,
    post_type: 'message',
    message_type: 'private',
    sub_type: 'friend',
    message_id: `${person} ${text}`,
    user_id: 20_000 + person,
    message: [
      { type: 'reply', data: { id: '1' } },
      { type: 'text', data: { text } },
    ],
  }),
  onebot12: (person: number, text: string) => ({
    id: `${person} ${text}`,
    time: seconds,
    type: 'message',
    detail_type: 'private',
    sub_type: '',
    self: { platform: 'qq', user_id: '10000' },
    message_id: `${person} ${text}`,
    user_id: `person ${person}`,
    message: [
      { type: 'reply', data: { message_id: '1' } },
      { type: 'text', data: { text } },
    ],
  }),
  official: (person: number, text: string) => ({
    op: 0,
    id: `C2C_MESSAGE_CREATE:${person} ${text}`,
    t: 'C2C_MESSAGE_CREATE',
    d: {
      id: `${person} ${text}`,
      author: { user_openid: `P${person}` },
      content: text,
      timestamp: '2025-11-29T20:33:20+00:00',
    },
  }),
};

describe.each(['onebot11', 'onebot12', 'official'] as const)('%s', (profile) => {
  isolatesConversations(async (slow: Slow) => {
    const double = new HubDouble({ talked: true });
    const settings = qqSettings.parse({
      QQ_PROFILE: profile,
      QQ_TRANSPORT: 'http',
      QQ_URL: 'http://127.0.0.1:9',
      QQ_TOKEN_URL: 'http://127.0.0.1:9',
      QQ_TOKEN: 't',
      QQ_SECRET: 's',
      QQ_APP_ID: '1',
    });
    const adapter = qqAdapter(settings, double.log);
    await adapter.start(slow(double.hub));
    return {
      write: (person, text) => adapter.webhook({ native: '', json: eventOf[profile](person, text) }),
      close: () => adapter.stop(),
    };
  });
});
