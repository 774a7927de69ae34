/** Actions and segments of OneBot 11. */
import type { OutgoingAttachment } from '#adapter-kit';
import { repeatable } from '#adapter-webhook';
import { segmentsOf } from '#onebot';
import type { MediaKind } from '#protocol';
import { treeOfText } from '#text';
import type { Dialect } from './dialect.js';
import { readEvent11 } from './events11.js';

const SEGMENTS: Partial<Record<MediaKind, string>> = { image: 'image', voice: 'record', video: 'video' };

export const ONEBOT_11: Dialect = {
  who: 'get_login_info',
  nativeId: /^[1-9]\d{4,11}$/,
  read: readEvent11,
  words: (text, quotes) => [
    ...(quotes === undefined ? [] : [{ type: 'reply', data: { id: quotes } }]),
    ...segmentsOf(treeOfText(text)),
  ],
  message: (to, message) => ['send_private_msg', { user_id: Number(to), message }],
  medium: async (_wire, medium) => ({
    type: SEGMENTS[medium.as] ?? 'image',
    data: { file: await base64Of(medium) },
  }),
  recall: (native) => ['delete_msg', { message_id: Number(native) }],
  accept: (flag) => ['set_friend_add_request', { flag, approve: true }],
  async lookUp(wire, native) {
    const { nickname } = await repeatable(wire.call('get_stranger_info', { user_id: Number(native) }));
    return typeof nickname === 'string' && nickname !== '' ? nickname : undefined;
  },
  async locate(wire, { file = '', kind }) {
    const found = await repeatable(
      wire.call(kind === 'record' ? 'get_record' : 'get_image', { file, out_format: 'amr' }),
    );
    return { url: found['url'], base64: found['base64'] };
  },
};

async function base64Of({ file }: OutgoingAttachment): Promise<string> {
  return `base64://${Buffer.from(await (await file.blob()).arrayBuffer()).toString('base64')}`;
}
