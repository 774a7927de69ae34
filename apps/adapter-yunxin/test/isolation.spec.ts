import { isolatesConversations } from '#adapter-contract';
import { network, type Address } from '#protocol';
import { HubDouble } from '../../../libs/bot-contacts/src/testing/hub-double.js';
import { YunxinAdapter } from '../src/yunxin.adapter.js';

describe.each(['hutong_0123', 'hutong_robot'])('messages to %s', (to) => {
  isolatesConversations(async (slow) => {
    const double = new HubDouble({ talked: true, ghosts: { hutong_0123: 'im:sue@far' as Address } });
    const options = { url: 'http://127.0.0.1:9', appKey: 'k', appSecret: 's' };
    const adapter = new YunxinAdapter(network('yixin'), options, double.log);
    Object.assign(adapter, { keepChecking: () => undefined });
    await adapter.start(slow(double.hub));
    return {
      write: (person, text) =>
        adapter.copy({
          native: JSON.stringify({
            eventType: '1',
            convType: 'PERSON',
            to,
            fromAccount: `p${person}`,
            msgTimestamp: '1700000000123',
            msgType: 'TEXT',
            body: text,
            msgidServer: `${person} ${text}`,
          }),
          unreadable: undefined,
        }),
      close: () => adapter.stop(),
    };
  });
});
