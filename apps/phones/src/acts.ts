/** What a browser may ask a phone to do. Every field is bounded. */
import { z } from 'zod';

const Chat = z.string().min(1).max(2000);
const Id = z.string().min(1).max(4000);
const Text = z.string().min(1).max(10_000);
const Emoji = z.array(z.string().min(1).max(40)).max(10);

export const Act = z.discriminatedUnion('do', [
  z.object({ do: z.literal('write'), chat: Chat, text: Text, reply: Id.optional() }),
  z.object({
    do: z.literal('place'),
    chat: Chat,
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    label: z.string().max(200),
  }),
  z.object({
    do: z.literal('card'),
    chat: Chat,
    name: z.string().min(1).max(200),
    phone: z.string().max(60),
  }),
  z.object({ do: z.literal('sticker'), chat: Chat, meaning: z.string().min(1).max(60) }),
  z.object({ do: z.literal('edit'), chat: Chat, target: Id, text: Text }),
  z.object({ do: z.literal('recall'), chat: Chat, target: Id }),
  z.object({ do: z.literal('react'), chat: Chat, target: Id, emoji: Emoji }),
  z.object({ do: z.literal('read'), chat: Chat, target: Id }),
  z.object({ do: z.literal('type'), chat: Chat, on: z.boolean() }),
  z.object({ do: z.literal('appear'), state: z.enum(['available', 'away']), mood: z.string().max(200) }),
  z.object({ do: z.literal('call'), chat: Chat, how: z.enum(['begin', 'accept', 'decline', 'end']) }),
  z.object({ do: z.literal('press'), chat: Chat, key: z.string().regex(/^[0-9*#]$/) }),
  z.object({ do: z.literal('befriend'), chat: Chat }),
  z.object({ do: z.literal('accept'), chat: Chat }),
]);
export type Act = z.infer<typeof Act>;

export const FileQuery = z.object({
  chat: Chat,
  what: z.enum(['image', 'voice']),
  name: z.string().min(1).max(200),
  type: z.string().min(1).max(100),
});
export type FileQuery = z.infer<typeof FileQuery>;
