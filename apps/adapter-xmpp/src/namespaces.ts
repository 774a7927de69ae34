/** Namespaces as of 2026; the comment names the XEP. Where a standard has several versions, all that are read are here. */
export const NS = {
  receipts: 'urn:xmpp:receipts', // 0184
  markers: 'urn:xmpp:chat-markers:0', // 0333
  states: 'http://jabber.org/protocol/chatstates', // 0085
  correct: 'urn:xmpp:message-correct:0', // 0308
  retract: 'urn:xmpp:message-retract:1', // 0424 since 0.4
  retractOld: 'urn:xmpp:message-retract:0', // 0424 before 0.4, inside of 0422
  fasten: 'urn:xmpp:fasten:0', // 0422
  styling: 'urn:xmpp:styling:0', // 0393
  reactions: 'urn:xmpp:reactions:0', // 0444
  reply: 'urn:xmpp:reply:0', // 0461
  fallback: 'urn:xmpp:fallback:0', // 0428
  fallbackOld: 'urn:xmpp:feature-fallback:0', // 0428 before 0.2
  attaching: 'urn:xmpp:message-attaching:1', // 0367
  ids: 'urn:xmpp:sid:0', // 0359
  delay: 'urn:xmpp:delay', // 0203
  delayOld: 'jabber:x:delay', // 0091
  event: 'jabber:x:event', // 0022, replaced by 0085 and 0184
  geoloc: 'http://jabber.org/protocol/geoloc', // 0080
  form: 'jabber:x:data', // 0004
  xhtml: 'http://jabber.org/protocol/xhtml-im', // 0071
  jingleMessage: 'urn:xmpp:jingle-message:', // 0353, any version
  jingle: 'urn:xmpp:jingle:1', // 0166
  rtp: 'urn:xmpp:jingle:apps:rtp:1', // 0167
  ice: 'urn:xmpp:jingle:transports:ice-udp:1', // 0176
  dtls: 'urn:xmpp:jingle:apps:dtls:0', // 0320
  callInvite: 'urn:xmpp:call-invites:', // 0482, any version
  conference: 'jabber:x:conference', // 0249
  mucUser: 'http://jabber.org/protocol/muc#user', // 0045
  pubsubEvent: 'http://jabber.org/protocol/pubsub#event', // 0060
  gateway: 'jabber:iq:gateway', // 0100
  hints: 'urn:xmpp:hints', // 0334
  nick: 'http://jabber.org/protocol/nick', // 0172
  discoInfo: 'http://jabber.org/protocol/disco#info', // 0030
  discoItems: 'http://jabber.org/protocol/disco#items',
  caps: 'http://jabber.org/protocol/caps', // 0115
  vcard: 'vcard-temp', // 0054
  vcardUpdate: 'vcard-temp:x:update', // 0153
  vcard4: 'urn:ietf:params:xml:ns:vcard-4.0', // RFC 6351
  vcard4Node: 'urn:xmpp:vcard4', // 0292
  avatarMetadata: 'urn:xmpp:avatar:metadata', // 0084
  avatarData: 'urn:xmpp:avatar:data',
  pubsub: 'http://jabber.org/protocol/pubsub', // 0060, 0163
  ping: 'urn:xmpp:ping', // 0199
  upload: 'urn:xmpp:http:upload:0', // 0363
  oob: 'jabber:x:oob', // 0066
  sfs: 'urn:xmpp:sfs:0', // 0447
  file: 'urn:xmpp:file:metadata:0', // 0446
  hashes: 'urn:xmpp:hashes:', // 0300, any version is read
  urlData: 'http://jabber.org/protocol/url-data', // 0103
  sims: 'urn:xmpp:sims:1', // 0385
  stickers: 'urn:xmpp:stickers:0', // 0449
  jingleFile: 'urn:xmpp:jingle:apps:file-transfer:', // 0234, any version, whose <file/> 0385 uses
  reference: 'urn:xmpp:reference:0', // 0372
  stanzas: 'urn:ietf:params:xml:ns:xmpp-stanzas', // RFC 6120
  eme: 'urn:xmpp:eme:0', // 0380
  link: 'urn:hutong:link:0', // docker/prosody/mod_hutong_link.lua
} as const;
