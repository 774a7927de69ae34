import { levels, type Capabilities } from '#protocol';

/** Maximum size of an upload by the server API. */
const UPLOAD_BYTES = 15 * 1024 * 1024;

/** Time limit for recalls: two minutes, unless the application is configured otherwise. */
export const YUNXIN_CAPABILITIES: Capabilities = {
  version: 'yunxin-4',
  language: 'zh',
  // The server API accepts an accid in lower case only; clients log in with any case.
  ids: 'case-insensitive',
  features: levels(0, { text: 2, recall: 2, location: 2, media: 2, sticker: 1, card: 1 }),
  media: {
    image: { types: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'], maxBytes: UPLOAD_BYTES },
    voice: { types: ['audio/mp4', 'audio/mpeg', 'audio/aac', 'audio/amr'], maxBytes: UPLOAD_BYTES },
    video: { types: ['video/mp4'], maxBytes: UPLOAD_BYTES },
    file: { maxBytes: UPLOAD_BYTES },
  },
  // The body has at most 5,000 bytes of JSON, in which quotes and line breaks take two bytes each.
  avatars: 'both',
  limits: { textBytes: 2400, recallAgeMs: 120_000 },
};
