import type { Capabilities } from '#protocol';

/** Events are limited to 64 KiB in all; the text limit leaves room for the formatted copy in every script. */
export const MATRIX_CAPABILITIES: Capabilities = {
  version: 'matrix-1',
  language: 'en',
  features: {
    text: 2,
    formatting: 2,
    reply: 2,
    edit: 2,
    recall: 2,
    reaction: 2,
    delivered: 1,
    read: 2,
    typing: 2,
    presence: 1,
    contact: 1,
    media: 0,
  },
  limits: { textLength: 5000 },
};
