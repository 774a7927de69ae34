import { isolatesConversations } from '#adapter-contract';
import { network, type Address } from '#protocol';
import { HubDouble } from '../../../libs/bot-contacts/src/testing/hub-double.js';
import { OneBotAdapter } from '../src/onebot.adapter.js';
import { People } from '../src/people.js';

const BOTS = [0, 1, 2, 3].map((n) => ({ selfId: 10_000 + n, token: `a token of sixteen ${n}`, name: 'bot' }));

isolatesConversations(async (slow) => {
  const double = new HubDouble();
  const { hub } = double;
  const friend = await new People(hub.memory).numberOf('im:friend@far' as Address);
  const adapter = new OneBotAdapter(network('bots'), BOTS, undefined, double.log);
  await adapter.start(slow(hub));
  return {
    write: (person, text) => {
      const message = [
        { type: 'reply', data: { id: '7' } },
        { type: 'text', data: { text } },
      ];
      return adapter.act(10_000 + person, {
        action: 'send_private_msg',
        params: { user_id: friend, message },
      });
    },
    close: () => adapter.stop(),
  };
});
