import type { Capabilities } from '#protocol';

/** What ordinary XMPP clients show today. Text has no limit of its own; the server's stanza limit is far away. */
export const XMPP_CAPABILITIES: Capabilities = {
  version: 'xmpp-1',
  language: 'en',
  features: {
    text: 2,
    formatting: 1,
    reply: 2,
    edit: 2,
    recall: 2,
    reaction: 2,
    delivered: 2,
    read: 2,
    typing: 2,
    presence: 2,
    contact: 2,
    media: 0,
  },
  limits: { textLength: 60_000 },
};
