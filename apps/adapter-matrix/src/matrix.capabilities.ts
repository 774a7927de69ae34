import { levels, type Capabilities } from '#protocol';

const MB = 1024 * 1024;

/** Events are limited to 64 KiB in all; the text limit leaves room for the formatted copy in every script. */
export function matrixCapabilities(uploadMb: number): Capabilities {
  const maxBytes = uploadMb * MB;
  return {
    version: `matrix-5-${uploadMb}`,
    language: 'en',
    originalTime: true,
    // Of messages in a room whose invitation is unanswered. The adapter ends those that expire, so there is no time limit.
    lateOutcomes: { stages: ['delivered', 'failed'] },
    ids: 'user-and-server',
    features: levels(2, { delivered: 1, presence: 1, contact: 1, card: 1, call: 0 }),
    media: {
      image: { types: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'], maxBytes },
      voice: { types: ['audio/ogg'], maxBytes },
      video: { types: ['video/mp4', 'video/webm', 'video/quicktime'], maxBytes },
      file: { maxBytes },
      captions: true,
    },
    limits: { textLength: 5000 },
    avatars: 'both',
  };
}
