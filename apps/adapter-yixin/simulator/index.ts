/** Yixin, by the simulator of the WeChat family. */
import {
  PlatformSimulator,
  LINK_PUSHED,
  LOCATION_PUSHED,
  OPEN_ID,
  type PlatformKind,
  type PlatformOptions,
} from '#simulators';

const KB = 1024;
const MB = 1024 * KB;

export const YIXIN: PlatformKind = {
  name: 'yixin',
  dialect: 'account',
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
  personId: OPEN_ID,
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
    location: LOCATION_PUSHED,
    link: LINK_PUSHED,
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

export function openYixin(options: PlatformOptions): Promise<PlatformSimulator> {
  return PlatformSimulator.open(YIXIN, options);
}
