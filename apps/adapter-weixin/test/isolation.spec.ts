import { isolatesConversations } from '#adapter-contract';
import { network } from '#protocol';
import { HubDouble } from '../../../libs/bot-contacts/src/testing/hub-double.js';
import { closedSettings, sessionOf } from '../src/testing/recorded.js';
import { WeixinAdapter } from '../src/weixin.adapter.js';

isolatesConversations(async (slow) => {
  const double = new HubDouble({ talked: true });
  const adapter = new WeixinAdapter(network('weixin'), closedSettings(), double.log);
  await adapter.start(slow(double.hub));
  let written = 0;
  return {
    write: (person, text) => {
      const from_user_id = `person${person}@im.wechat`;
      const quote = { ref_msg: { svr_id: '7' } };
      return adapter.receive(sessionOf(from_user_id), {
        from_user_id,
        message_id: String(++written),
        item_list: [{ type: 1, text_item: { text }, ...quote }],
      });
    },
    close: () => adapter.stop(),
  };
});
