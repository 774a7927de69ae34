/** What can be disputed about a message; docs/disputes.md says what each means. */
export const KINDS = [
  'not_delivered',
  'delivered_twice',
  'late',
  'spam',
  'spoofed_sender',
  'wrong_class_rated',
  'content_altered',
  'illegal_content',
] as const;
export type Kind = (typeof KINDS)[number];
