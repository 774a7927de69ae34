/** WeCom, by the simulator of the WeChat family. */
import {
  PlatformSimulator,
  IMAGE_PUSHED,
  LINK_PUSHED,
  LOCATION_PUSHED,
  VIDEO_PUSHED,
  type PlatformKind,
  type PlatformOptions,
} from '#simulators';

const MB = 1024 * 1024;

export const WECOM: PlatformKind = {
  name: 'wecom',
  dialect: 'company',
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
    image: IMAGE_PUSHED,
    voice: { msgType: 'voice', fields: { MediaId: 'media-id', Format: 'media-format' } },
    video: VIDEO_PUSHED,
    location: { msgType: 'location', fields: { ...LOCATION_PUSHED.fields, AppType: 'optional' } },
    link: { msgType: 'link', fields: { ...LINK_PUSHED.fields, PicUrl: 'optional' } },
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

export function openWecom(options: PlatformOptions): Promise<PlatformSimulator> {
  return PlatformSimulator.open(WECOM, options);
}
