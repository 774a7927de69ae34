import type { PlatformKind, PushedType } from './kind.js';

const KB = 1024;
const MB = 1024 * KB;
const HOUR = 3_600_000;

const location: PushedType = {
  msgType: 'location',
  fields: {
    Location_X: 'required',
    Location_Y: 'required',
    Scale: { default: '16' },
    Label: { default: '' },
  },
};
const link: PushedType = {
  msgType: 'link',
  fields: { Title: 'required', Description: { default: '' }, Url: 'required' },
};
const video: PushedType = { msgType: 'video', fields: { MediaId: 'media-id', ThumbMediaId: 'thumb-id' } };
const image: PushedType = { msgType: 'image', fields: { PicUrl: 'media-url', MediaId: 'media-id' } };
const openId = /^o[\w-]{27}$/;

export const WECHAT: PlatformKind = {
  name: 'wechat',
  paths: {
    '/cgi-bin/token': 'token',
    '/cgi-bin/stable_token': 'stable-token',
    '/cgi-bin/message/custom/send': 'send-to-one',
    '/cgi-bin/message/custom/typing': 'typing',
    '/cgi-bin/media/upload': 'upload',
    '/cgi-bin/media/get': 'download',
    '/cgi-bin/user/info': 'follower',
    '/cgi-bin/user/get': 'followers',
    '/cgi-bin/getcallbackip': 'callback-ips',
    '/cgi-bin/customservice/getkflist': 'service-accounts',
    '/customservice/kfaccount/add': 'nothing',
  },
  encryption: 'by-mode',
  personId: openId,
  ignoresCaseOfPersons: false,
  pushed: {
    image,
    voice: {
      msgType: 'voice',
      fields: { MediaId: 'media-id', Format: 'media-format', Recognition: 'optional' },
    },
    video,
    location,
    link,
  },
  msgTypes: [
    'text',
    'image',
    'voice',
    'video',
    'music',
    'news',
    'mpnews',
    'mpnewsarticle',
    'msgmenu',
    'wxcard',
    'miniprogrampage',
  ],
  text: { bytes: 2048, beyond: 'refuse' },
  media: {
    image: { bytes: 10 * MB, extensions: ['jpg', 'jpeg', 'png', 'gif', 'bmp'] },
    voice: { bytes: 2 * MB, seconds: 60, extensions: ['amr', 'mp3'] },
    video: { bytes: 10 * MB, extensions: ['mp4'] },
    thumb: { bytes: 64 * KB, extensions: ['jpg', 'jpeg'] },
  },
  outOfOrder: '该公众号暂时无法提供服务，请稍后再试',
  window: { message: { ms: 48 * HOUR, sends: 5 }, event: { ms: 60_000, sends: 3 } },
  codes: { unknownToken: 40014, wrongAppId: 40013, wrongSecret: 40125 },
};

export const WECOM: PlatformKind = {
  name: 'wecom',
  paths: {
    '/cgi-bin/gettoken': 'token',
    '/cgi-bin/message/send': 'send-to-members',
    '/cgi-bin/message/recall': 'recall',
    '/cgi-bin/media/upload': 'upload',
    '/cgi-bin/media/get': 'download',
    '/cgi-bin/user/get': 'member',
    '/cgi-bin/agent/get': 'agent',
    '/cgi-bin/getcallbackip': 'callback-ips',
  },
  encryption: 'always',
  handshakeMs: 1000,
  personId: /^[A-Za-z0-9][\w.@-]{0,63}$/,
  ignoresCaseOfPersons: true,
  pushed: {
    image,
    voice: { msgType: 'voice', fields: { MediaId: 'media-id', Format: 'media-format' } },
    video,
    location: { msgType: 'location', fields: { ...location.fields, AppType: 'optional' } },
    link: { msgType: 'link', fields: { ...link.fields, PicUrl: 'optional' } },
  },
  msgTypes: [
    'text',
    'image',
    'voice',
    'video',
    'file',
    'textcard',
    'news',
    'mpnews',
    'markdown',
    'miniprogram_notice',
    'template_card',
  ],
  text: { bytes: 2048, beyond: 'cut' },
  media: {
    image: { bytes: 10 * MB, extensions: ['jpg', 'jpeg', 'png'] },
    voice: { bytes: 2 * MB, seconds: 60, extensions: ['amr'] },
    video: { bytes: 10 * MB, extensions: ['mp4'] },
    file: { bytes: 20 * MB, atLeast: 5, extensions: [] },
  },
  memberRate: { perMinute: 30, perHour: 1000 },
  codes: { unknownToken: 40014, wrongAppId: 40013, wrongSecret: 40001 },
};

export const YIXIN: PlatformKind = {
  name: 'yixin',
  paths: {
    '/cgi-bin/token': 'token',
    '/cgi-bin/message/custom/send': 'send-to-one',
    '/cgi-bin/media/upload': 'upload',
    '/cgi-bin/media/get': 'download',
    '/cgi-bin/user/info': 'follower',
    '/cgi-bin/user/uinfo': 'follower',
    '/cgi-bin/user/get': 'followers',
  },
  encryption: 'never',
  personId: openId,
  ignoresCaseOfPersons: false,
  pushed: {
    image: { msgType: 'image', fields: { PicUrl: 'media-url' } },
    voice: {
      msgType: 'audio',
      fields: {
        url: 'media-url',
        name: 'media-name',
        mimeType: 'media-mime',
      },
    },
    video: {
      msgType: 'video',
      fields: {
        url: 'media-url',
        name: 'media-name',
        mimeType: 'media-mime',
      },
    },
    location,
    link,
    card: { msgType: 'card', fields: { card: 'required' } },
  },
  msgTypes: ['text', 'image', 'voice', 'video', 'link', 'card', 'news'],
  text: { bytes: 2048, beyond: 'refuse' },
  media: {
    image: { bytes: 10 * MB, extensions: ['jpg', 'jpeg'] },
    voice: { bytes: 2 * MB, seconds: 60, extensions: ['amr', 'mp3'] },
    video: { bytes: 10 * MB, extensions: ['mp4'] },
    thumb: { bytes: 64 * KB, extensions: ['jpg', 'jpeg'] },
  },
  codes: { unknownToken: 40014, wrongAppId: 40013, wrongSecret: 40125 },
};

export const platformKinds = { wechat: WECHAT, wecom: WECOM, yixin: YIXIN } as const;
