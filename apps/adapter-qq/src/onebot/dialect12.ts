/** Actions and segments of OneBot 12. */
import { repeatable } from '#adapter-webhook';
import type { MediaKind } from '#protocol';
import type { Dialect } from './dialect.js';
import { readEvent12 } from './events12.js';

const SEGMENTS: Partial<Record<MediaKind, string>> = { image: 'image', voice: 'voice', video: 'video' };

export const ONEBOT_12: Dialect = {
  who: 'get_self_info',
  // Ids are texts of any form.
  nativeId: /^.{1,128}$/u,
  read: readEvent12,
  words: (text, quotes) => [
    ...(quotes === undefined ? [] : [{ type: 'reply', data: { message_id: quotes } }]),
    { type: 'text', data: { text } },
  ],
  message: (to, message) => ['send_message', { detail_type: 'private', user_id: to, message }],
  async medium(wire, { file, as }) {
    const bytes = Buffer.from(await (await file.blob()).arrayBuffer());
    const { filename: name, facts } = file;
    const upload = { type: 'data', name, data: bytes.toString('base64'), sha256: facts.sha256 };
    const { file_id } = await repeatable(wire.call('upload_file', upload));
    return { type: SEGMENTS[as] ?? 'file', data: { file_id } };
  },
  recall: (message_id) => ['delete_message', { message_id }],
  async lookUp(wire, user_id) {
    const { user_displayname: shown, user_name: name } = await repeatable(
      wire.call('get_user_info', { user_id }),
    );
    return [shown, name].find((one) => typeof one === 'string' && one !== '') as string | undefined;
  },
  async locate(wire, { fileId: file_id = '' }) {
    const { data } = await repeatable(wire.call('get_file', { file_id, type: 'data' }));
    return { base64: data };
  },
};
