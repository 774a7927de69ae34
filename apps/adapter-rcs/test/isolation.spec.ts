import { isolatesConversations } from '#adapter-contract';
import { network } from '#protocol';
import { HubDouble } from '../../../libs/bot-contacts/src/testing/hub-double.js';
import { RcsAdapter } from '../src/rcs.adapter.js';
import { closedSettings, notificationOf } from '../src/testing/closed-platform.js';

describe.each(['xml', 'json'] as const)('%s', (dialect) => {
  isolatesConversations(async (slow) => {
    const double = new HubDouble({ talked: true });
    const adapter = new RcsAdapter(network('rcs'), closedSettings(dialect), double.log);
    await adapter.start(slow(double.hub));
    let written = 0;
    return {
      write: (person, text) => {
        const from = `tel:+86139${String(person).padStart(8, '0')}`;
        const id = `m-${++written}`;
        const json = {
          messageId: id,
          messageList: [{ contentType: 'text/plain', contentText: text }],
          senderAddress: from,
          inReplyTo: 'never-seen',
        };
        const xml =
          `<msg:inboundMessageNotification xmlns:msg="x"><inboundMessage><messageId>${id}</messageId>` +
          `<senderAddress>${from}</senderAddress><contentType>text/plain</contentType><bodyText>${text}</bodyText>` +
          '<inReplyToContributionID>never-seen</inReplyToContributionID></inboundMessage></msg:inboundMessageNotification>';
        return adapter.webhook(notificationOf(dialect, dialect === 'xml' ? xml : json));
      },
      close: () => adapter.stop(),
    };
  });
});
