/** Native things without a canonical form: what becomes of them is a row of docs/generated/degradation.md. */
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

/** How each thing that people of a network can send arrives elsewhere: in words of its adapter, or not at all. */
export type NativeThings = Partial<Record<(typeof NATIVE_THINGS)[number], string>>;
