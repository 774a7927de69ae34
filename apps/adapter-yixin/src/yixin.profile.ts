/** The Yixin public platform: the WeChat interface of 2013 under another host, without encryption and without typing. */
import { levels } from '#protocol';
import type { PlatformProfile } from '#official-account';

const MB = 1024 * 1024;

export const YIXIN: PlatformProfile = {
  name: 'yixin',
  encryption: 'never',
  nativeId: /^[\w-]{6,64}$/,
  token: {
    kind: 'query',
    path: '/cgi-bin/token',
    id: 'appid',
    secret: 'secret',
    extra: { grant_type: 'client_credential' },
  },
  send: { path: '/cgi-bin/message/custom/send', numberedAgent: false },
  person: { path: '/cgi-bin/user/info', id: 'openid', name: 'nickname', avatar: 'headimgurl' },
  textBytes: 2048,
  media: { upload: '/cgi-bin/media/upload', download: '/cgi-bin/media/get', videoNeedsThumbnail: true },
  capabilities: {
    version: 'yixin-4',
    language: 'zh',
    ids: 'exact',
    features: levels(0, { text: 2, media: 1, sticker: 1 }),
    // No limits are documented: those of WeChat's interface, which it copies.
    media: {
      image: { types: ['image/jpeg'], maxBytes: 2 * MB },
      voice: { types: ['audio/amr', 'audio/mpeg'], maxBytes: 2 * MB, maxMs: 60_000 },
      video: { types: ['video/mp4'], maxBytes: 10 * MB },
      captions: true,
    },
    avatars: 'told',
    limits: { textBytes: 2048 - 200 },
  },
  errors: {},
};
export const YIXIN_URL = 'https://api.yixin.im';
