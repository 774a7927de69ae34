import { isolatesConversations } from '#adapter-contract';
import { network } from '#protocol';
import { HubDouble } from '../../../libs/bot-contacts/src/testing/hub-double.js';
import { OpenAdapter } from '../src/open.adapter.js';
import { openSettings } from '../src/open.config.js';

isolatesConversations(async (slow) => {
  const double = new HubDouble();
  const key = 'a key that two parties share, 32+ characters';
  const settings = openSettings.parse({ NETWORK: 'open', OPEN_KEY: key });
  const adapter = new OpenAdapter(network('open'), settings, double.log);
  await adapter.start(slow(double.hub));
  return {
    write: (person, text) =>
      adapter.take({
        kind: 'message',
        id: `${person} ${text}`,
        from: { id: `p${person}` },
        to: 'im:sue@far',
        text,
        replyTo: 'never-seen',
      }),
    close: () => adapter.stop(),
  };
});
