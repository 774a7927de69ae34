import { isolatesConversations } from '#adapter-contract';
import { XmppInbound } from '../../../test/support/xmpp-inbound.js';

isolatesConversations((slow) => {
  const inbound = new XmppInbound(undefined, slow);
  const reply = "<reply xmlns='urn:xmpp:reply:0' id='never-seen'/>";
  return {
    write: (person, text) =>
      inbound.push(
        `<message from='p${person}@localhost/x' to='bob@matrix.hub.localhost' id='${person}-${text.replaceAll(/\W/g, '-')}' type='chat'>` +
          `<body>${text}</body>${reply}</message>`,
      ),
  };
});
