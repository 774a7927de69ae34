/** The Yixin public platform: the WeChat interface of 2013 under another host, without encryption and without typing. */
import { levels } from '#protocol';
import type { PlatformProfile } from '#official-account';

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
  capabilities: {
    version: 'yixin-1',
    language: 'zh',
    features: levels(0, { text: 2 }),
    limits: { textBytes: 2048 - 200 },
  },
  errors: {},
};
export const YIXIN_URL = 'https://api.yixin.im';
