/** The changes in a webhook of a WhatsApp business account. Pure. */
import { z } from 'zod';

const Text = z.string().optional().catch(undefined);
const Name = z.looseObject({ wa_id: Text, user_id: Text, profile: z.looseObject({ name: Text }).catch({}) });
const Value = z.looseObject({
  contacts: z.array(Name).catch([]),
  messages: z.array(z.unknown()).catch([]),
  statuses: z.array(z.unknown()).catch([]),
  errors: z.array(z.unknown()).catch([]),
});
const Change = z.looseObject({ field: z.string(), value: Value });
const Webhook = z.looseObject({
  object: z.literal('whatsapp_business_account'),
  entry: z.array(z.looseObject({ changes: z.array(Change) })),
});
export type Change = z.infer<typeof Change>;

/** @returns undefined for what is no webhook of an account */
export function changesIn(json: unknown): Change[] | undefined {
  return Webhook.safeParse(json).data?.entry.flatMap(({ changes }) => changes);
}
