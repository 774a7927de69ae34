/** The store for attachments: ciphertext by an opaque text. It checks nothing but sizes; clients decrypt. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { Incoming, Outgoing } from '#simulators';
import { NOTHING, type Fields } from './wire.js';

interface Upload {
  filekey: string;
  filesize: number;
}

const OCTETS = 'application/octet-stream';

export class Store {
  /** Base of its addresses, with the path of the real one. */
  url = '';
  /** Whether `getuploadurl` names the whole address, or only its parameter. */
  namesAddress = true;
  /** Shows to clients what they downloaded. */
  readonly shown = new Map<string, Buffer>();
  private readonly uploads = new Map<string, Upload>();
  private readonly contents = new Map<string, Buffer>();
  private readonly facts = new Map<string, Fields>();

  begin(body: Fields): Fields {
    const { filekey = '', filesize = 0 } = body as Partial<Upload>;
    const param = randomBytes(24).toString('base64');
    this.uploads.set(param, { filekey, filesize });
    this.facts.set(filekey, body);
    const query = new URLSearchParams({ encrypted_query_param: param, filekey });
    return this.namesAddress
      ? { upload_full_url: `${this.url}/upload?${query.toString()}`, filekey }
      : { upload_param: param };
  }

  answer({ method, path, query, body }: Incoming): Outgoing {
    const param = query.get('encrypted_query_param') ?? '';
    if (method === 'POST' && path.endsWith('/upload')) {
      const upload = this.uploads.get(param);
      const wrong = !upload || query.get('filekey') !== upload.filekey || body.length !== upload.filesize;
      const refusal = { 'x-error-message': 'size or file key is wrong' };
      if (wrong) return { status: 400, type: 'text/plain', body: '', headers: refusal };
      const place = randomBytes(48).toString('base64');
      this.contents.set(place, body);
      return { status: 200, type: 'text/plain', body: '', headers: { 'x-encrypted-param': place } };
    }
    const content = this.contents.get(param);
    return method === 'GET' && content ? { status: 200, type: OCTETS, body: content } : NOTHING;
  }

  /** A client of a person uploads. @returns the fields of CDNMedia, and the key in hexadecimal digits */
  keep(content: Buffer): { media: Fields; aeskey: string } {
    const key = randomBytes(16);
    const cipher = createCipheriv('aes-128-ecb', key, null);
    const place = randomBytes(48).toString('base64');
    this.contents.set(place, Buffer.concat([cipher.update(content), cipher.final()]));
    const aeskey = key.toString('hex');
    const query = new URLSearchParams({ encrypted_query_param: place });
    const full_url = `${this.url}/download?${query.toString()}`;
    const aes_key = Buffer.from(aeskey).toString('base64');
    return { media: { encrypt_query_param: place, aes_key, encrypt_type: 1, full_url }, aeskey };
  }

  /** The client of a person downloads and decrypts. @returns undefined for what it cannot show */
  read(media: Fields | undefined): Buffer | undefined {
    const { encrypt_query_param: place = '', aes_key = '' } = (media ?? {}) as Record<string, string>;
    const secret = this.contents.get(place);
    const digits = Buffer.from(aes_key, 'base64').toString('latin1');
    // Phones show a grey picture for a key that is not written as hexadecimal digits.
    if (!secret || !/^[0-9a-f]{32}$/.test(digits)) return undefined;
    const decipher = createDecipheriv('aes-128-ecb', Buffer.from(digits, 'hex'), null);
    const content = Buffer.concat([decipher.update(secret), decipher.final()]);
    const promised = [...this.facts.values()].find(({ aeskey }) => aeskey === digits);
    const md5 = createHash('md5').update(content).digest('hex');
    return promised?.['rawfilemd5'] === md5 && promised['rawsize'] === content.length ? content : undefined;
  }
}
