/** WeCom (企业微信), as far as its public documents go. */
import { levels } from '#protocol';
import type { PlatformProfile } from '#official-account';

const HOUR_MS = 3600_000;
const MB = 1024 * 1024;
/** Of one custom text message. */
const TEXT_BYTES = 2048;
/** The line that says who speaks needs some of them. */
const NAME_BYTES = 200;

/** Members of a company: no window, no quota for a person, and a message can be taken back for a day. */
export const WECOM: PlatformProfile = {
  name: 'wecom',
  encryption: 'always',
  nativeId: /^[A-Za-z0-9][\w.@-]{0,63}$/,
  personRate: { perMinute: 30, perHour: 1000 },
  token: { kind: 'query', path: '/cgi-bin/gettoken', id: 'corpid', secret: 'corpsecret', extra: {} },
  send: { path: '/cgi-bin/message/send', numberedAgent: true },
  person: { path: '/cgi-bin/user/get', id: 'userid', name: 'name', avatar: 'avatar' },
  textBytes: TEXT_BYTES,
  recallPath: '/cgi-bin/message/recall',
  media: { upload: '/cgi-bin/media/upload', download: '/cgi-bin/media/get', videoNeedsThumbnail: false },
  capabilities: {
    version: 'wecom-4',
    language: 'zh',
    // The platform does not distinguish upper and lower case in a UserID, and tells it as it was typed in.
    ids: 'case-insensitive',
    features: levels(0, { text: 2, recall: 1, media: 2, sticker: 1, card: 1 }),
    media: {
      image: { types: ['image/jpeg', 'image/png'], maxBytes: 10 * MB },
      voice: { types: ['audio/amr'], maxBytes: 2 * MB, maxMs: 60_000 },
      video: { types: ['video/mp4'], maxBytes: 10 * MB },
      file: { maxBytes: 20 * MB },
      captions: true,
    },
    avatars: 'told',
    limits: { textBytes: TEXT_BYTES - NAME_BYTES, recallAgeMs: 24 * HOUR_MS },
  },
  errors: {
    60111: '14',
    81013: '14',
    82001: '14',
    45009: '65',
    48002: '36',
    60011: '36',
    60020: '36',
    40056: '36',
  },
};

export const WECOM_URL = 'https://qyapi.weixin.qq.com';
