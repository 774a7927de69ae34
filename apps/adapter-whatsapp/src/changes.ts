/** The changes in a webhook of a WhatsApp business account. Pure. */
import { z } from 'zod';

const Text = z.string().optional().catch(undefined);
const Name = z.looseObject({ wa_id: Text, user_id: Text, profile: z.looseObject({ name: Text }).catch({}) });
const Value = z.looseObject({
  metadata: z.looseObject({ phone_number_id: Text }).catch({}),
  contacts: z.array(Name).catch([]),
  messages: z.array(z.unknown()).catch([]),
  statuses: z.array(z.unknown()).catch([]),
  errors: z.array(z.unknown()).catch([]),
});
const Change = z.looseObject({ field: z.string(), value: Value });
const Entry = z.looseObject({ changes: z.array(z.unknown()) });
const Webhook = z.looseObject({
  object: z.literal('whatsapp_business_account'),
  entry: z.array(z.unknown()),
});
export type Change = z.infer<typeof Change>;

export interface Changes {
  /** About our number, or about the account. */
  ours: Change[];
  /** How many are about other numbers: an app gets those of all numbers of its accounts. */
  ofOthers: number;
  /** How many entries and changes are none. Up to a thousand come in one webhook: one must not take the others with it. */
  unreadable: number;
}

/** @param phoneId of our number. @returns undefined for what is no webhook of an account */
export function changesIn(json: unknown, phoneId: string): Changes | undefined {
  const webhook = Webhook.safeParse(json).data;
  if (!webhook) return undefined;
  const read = webhook.entry.flatMap((entry) => {
    const { data } = Entry.safeParse(entry);
    return data ? data.changes.map((change) => Change.safeParse(change).data) : [undefined];
  });
  const changes = read.filter((change) => change !== undefined);
  const ours = changes.filter(({ value }) => (value.metadata.phone_number_id ?? phoneId) === phoneId);
  return { ours, ofOthers: changes.length - ours.length, unreadable: read.length - changes.length };
}
