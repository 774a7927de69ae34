/** WeChat Official Account, as far as its public documents go. */
import { messengerFaces } from '#emoji';
import { levels } from '#protocol';
import type { PlatformProfile } from '#official-account';

const HOUR_MS = 3600_000;
const MB = 1024 * 1024;
/** Of one custom text message. */
const TEXT_BYTES = 2048;
/** The line that says who speaks needs some of them. */
const NAME_BYTES = 200;

export const OFFICIAL_ACCOUNT: PlatformProfile = {
  name: 'wechat',
  encryption: 'optional',
  nativeId: /^[\w-]{6,64}$/,
  token: { kind: 'stable', path: '/cgi-bin/stable_token' },
  send: { path: '/cgi-bin/message/custom/send', numberedAgent: false },
  person: { path: '/cgi-bin/user/info', id: 'openid', name: 'nickname', avatar: 'headimgurl' },
  textBytes: TEXT_BYTES,
  faces: messengerFaces,
  typingPath: '/cgi-bin/message/custom/typing',
  media: { upload: '/cgi-bin/media/upload', download: '/cgi-bin/media/get', videoNeedsThumbnail: true },
  afterEvent: { ms: 60_000, messages: 3 },
  capabilities: {
    version: 'wechat-4',
    language: 'zh',
    // An OpenID is case-sensitive.
    ids: 'exact',
    features: levels(0, { text: 2, typing: 1, media: 1, sticker: 1 }),
    media: {
      image: { types: ['image/jpeg', 'image/png', 'image/gif', 'image/bmp'], maxBytes: 10 * MB },
      voice: { types: ['audio/amr', 'audio/mpeg'], maxBytes: 2 * MB, maxMs: 60_000 },
      video: { types: ['video/mp4'], maxBytes: 10 * MB },
      captions: true,
    },
    avatars: 'told',
    limits: { textBytes: TEXT_BYTES - NAME_BYTES, replyWindowMs: 48 * HOUR_MS, messagesPerWindow: 5 },
  },
  errors: {},
};

export const WECHAT_URL = 'https://api.weixin.qq.com';
