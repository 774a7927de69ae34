import { levels, type Capabilities, type MediaRules } from '#protocol';

const MB = 1024 * 1024;

/**
 * What ordinary XMPP clients show today. Text has no limit of its own, but a stanza has one: Prosody closes the stream of a
 * component at 512 KiB, and an escaped character takes five times its place.
 * @param uploadMb what the server's upload service takes; undefined: it has none, and media go as links
 */
export function xmppCapabilities(uploadMb: number | undefined): Capabilities {
  const files = uploadMb === undefined ? 0 : 2;
  return {
    version: `xmpp-5-${uploadMb ?? 'links'}`,
    language: 'en',
    originalTime: true,
    // A server returns what it had accepted, when no device fetches it or the other server refuses it. It reports no success.
    lateOutcomes: { stages: ['failed'] },
    ids: 'jid',
    features: levels(2, {
      formatting: 1,
      location: 1,
      media: files,
      sticker: files === 0 ? 0 : 1,
      card: files === 0 ? 0 : 1,
      call: 0,
    }),
    ...(uploadMb === undefined ? {} : { media: rules(uploadMb * MB) }),
    avatars: 'both',
    limits: { textLength: 60_000, textBytes: 90_000 },
  };
}

function rules(maxBytes: number): MediaRules {
  return {
    image: { types: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'], maxBytes },
    voice: { types: ['audio/ogg', 'audio/mp4', 'audio/mpeg'], maxBytes },
    video: { types: ['video/mp4', 'video/webm', 'video/quicktime'], maxBytes },
    file: { maxBytes },
  };
}
