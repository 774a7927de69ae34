/** Messages to one person -> bodies of requests of the iLink API. Pure. */
import { createHash } from 'node:crypto';
import type { MediaKind } from '#protocol';
import { keyText } from './media-cipher.js';

/** `media_type` of an upload. Recordings go as files. */
export const UPLOAD_TYPE: Record<MediaKind, number> = { image: 1, video: 2, file: 3, voice: 3 };

export interface Uploaded {
  as: MediaKind;
  filename: string;
  key: Buffer;
  /** Where the store has it. */
  place: string;
  plainBytes: number;
  cipherBytes: number;
}

/** The same for every attempt: WeChat shows a message with a known id once. */
export function clientIdOf(key: string): string {
  return `hutong-${createHash('sha256').update(key).digest('hex').slice(0, 32)}`;
}

/** A message has one item: words and a picture are two messages. */
export function messageBody(to: string, key: string, item: object, context: string | undefined): object {
  return {
    msg: {
      from_user_id: '',
      to_user_id: to,
      client_id: clientIdOf(key),
      message_type: 2,
      message_state: 2,
      item_list: [item],
      ...(context === undefined ? {} : { context_token: context }),
    },
  };
}

export function textItem(text: string): object {
  return { type: 1, text_item: { text } };
}

export function mediaItem({ as, filename, key, place, plainBytes, cipherBytes }: Uploaded): object {
  const media = { encrypt_query_param: place, aes_key: keyText(key), encrypt_type: 1 };
  if (as === 'image') return { type: 2, image_item: { media, mid_size: cipherBytes } };
  if (as === 'video') return { type: 5, video_item: { media, video_size: cipherBytes } };
  return { type: 4, file_item: { media, file_name: filename, len: String(plainBytes) } };
}
