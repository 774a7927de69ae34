import { levels, type Capabilities } from '#protocol';

/** Events are limited to 64 KiB in all; the text limit leaves room for the formatted copy in every script. */
export const MATRIX_CAPABILITIES: Capabilities = {
  version: 'matrix-1',
  language: 'en',
  features: levels(2, { delivered: 1, presence: 1, contact: 1, media: 0, sticker: 0, card: 0 }),
  limits: { textLength: 5000 },
};
