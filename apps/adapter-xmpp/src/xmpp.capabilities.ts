import { levels, type Capabilities } from '#protocol';

/** What ordinary XMPP clients show today. Text has no limit of its own; the server's stanza limit is far away. */
export const XMPP_CAPABILITIES: Capabilities = {
  version: 'xmpp-1',
  language: 'en',
  features: levels(2, { formatting: 1, media: 0, sticker: 0, location: 1, card: 0 }),
  limits: { textLength: 60_000 },
};
