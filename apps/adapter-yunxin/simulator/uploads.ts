/** Uploads of the app's server into the storage, by the two actions of the API. */
import type { Incoming } from '#simulators';
import { textOf } from '#simulators';
import { ActionError } from './action-error.js';
import type { FileFacts, Nos } from './nos.js';

const MOST_BYTES = 15 * 1024 * 1024;
const SHORTEST_LIFE = 86_400;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const MEDIA_TYPE = /^[\w.+-]+\/[\w.+-]+$/;

interface Fields {
  get(name: string): unknown;
}

export class Uploads {
  constructor(private readonly nos: Nos) {}

  /** msg/upload: the file as base64 in a form. @throws ActionError with the code of the API */
  ofForm(form: URLSearchParams): { url: string } {
    const content = form.get('content') ?? '';
    // A plus sign that was not escaped arrives as a space: refuse it, because decoding would give another file.
    if (!BASE64.test(content)) throw new ActionError(414, 'content is not base64');
    return this.store(Buffer.from(content, 'base64'), form, {});
  }

  /** msg/fileUpload: the same as multipart, with unencoded bytes. @throws ActionError with the code of the API */
  async ofParts(call: Pick<Incoming, 'header' | 'body'>): Promise<{ url: string }> {
    const headers = { 'content-type': call.header('content-type') };
    const parts = await new Response(new Uint8Array(call.body), { headers }).formData().catch(() => {
      throw new ActionError(414, 'bad multipart body');
    });
    const content = parts.get('content');
    if (!content || typeof content === 'string') throw new ActionError(414, 'content is empty');
    return this.store(Buffer.from(await content.arrayBuffer()), parts, { name: content.name });
  }

  private store(bytes: Buffer, fields: Fields, facts: FileFacts): { url: string } {
    if (bytes.length === 0) throw new ActionError(414, 'content is empty');
    if (bytes.length > MOST_BYTES) throw new ActionError(405, 'content too long');
    const [type, tag, life] = ['type', 'tag', 'expireSec'].map((name) => textOf(fields.get(name)));
    if (tag && tag.length > 32) throw new ActionError(414, 'tag too long');
    const expireSec = Number(life || Infinity);
    if (!(expireSec >= SHORTEST_LIFE)) throw new ActionError(414, 'expireSec is invalid');
    // A type that is too long is ignored, as documented. `ishttps` has no effect: the loopback address has no https.
    const named = type && type.length <= 128 && MEDIA_TYPE.test(type) ? { type } : {};
    return { url: this.nos.put(bytes, { ...facts, ...named, expireSec }) };
  }
}
