/** Native content without a canonical form. How each arrives is a row of docs/generated/degradation.md. */
export const NATIVE_THINGS = [
  'poll',
  'live location',
  'call',
  'subject, name of the chat',
  'spoiler',
  'mention',
  'custom emoji',
  'encrypted message',
  'link, mini program',
  'any other type',
] as const;

/** How each kind of native content arrives at remote networks: as a text of the adapter, or not at all. */
export type NativeThings = Partial<Record<(typeof NATIVE_THINGS)[number], string>>;
