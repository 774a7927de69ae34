/** WeChat, by the simulator of the WeChat family. */
import {
  PlatformSimulator,
  IMAGE_PUSHED,
  LINK_PUSHED,
  LOCATION_PUSHED,
  OPEN_ID,
  VIDEO_PUSHED,
  type PlatformKind,
  type PlatformOptions,
} from '#simulators';

const KB = 1024;
const MB = 1024 * KB;
const HOUR = 3_600_000;

export const WECHAT: PlatformKind = {
  name: 'wechat',
  dialect: 'account',
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
  personId: OPEN_ID,
  ignoresCaseOfPersons: false,
  pushed: {
    image: IMAGE_PUSHED,
    voice: {
      msgType: 'voice',
      fields: { MediaId: 'media-id', Format: 'media-format', Recognition: 'optional' },
    },
    video: VIDEO_PUSHED,
    location: LOCATION_PUSHED,
    link: LINK_PUSHED,
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

export function openWechat(options: PlatformOptions): Promise<PlatformSimulator> {
  return PlatformSimulator.open(WECHAT, options);
}
