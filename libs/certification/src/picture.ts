/** A small image in the media store, encrypted like every attachment. */
import { createHash, randomBytes } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import { MediaStore } from '#bus';
import { CERTIFY, levelOf, mediaUrl, planMedia, type Capabilities, type ExternalPart } from '#protocol';
import type { Need } from './case.js';
import type { CaseContext } from './case-context.js';

const SIDE = 16;

export const pictures: Need = {
  what: '`media`, pictures',
  isDeclared: (capabilities: Capabilities) =>
    levelOf(capabilities, 'media') >= 0 &&
    capabilities.media !== undefined &&
    planMedia({ contentType: 'image/png', size: 200 }, capabilities.media).act !== 'link',
};

/** Makes an image with another colour at every call, so that it is not stored yet. */
export function png(colour: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIDE, 0);
  header.writeUInt32BE(SIDE, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.concat([Buffer.of(0), ...Array.from({ length: SIDE }, () => colour.subarray(0, 3))]);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: SIDE }, () => row)));
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  const chunks = [chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([signature, ...chunks]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'ascii'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

export async function pictureOf(
  context: CaseContext,
): Promise<{ part: ExternalPart; remove: () => Promise<void> }> {
  const content = png(randomBytes(3));
  const key = randomBytes(32);
  const object = createHash('sha256').update(context.options.run).update(content).digest('base64url');
  const place = { network: CERTIFY, object };
  const store = new MediaStore(context.bus.link);
  await store.write(place, key, once(content));
  context.note(`a picture of ${content.length} bytes is in the media store`);
  const part: ExternalPart = {
    kind: 'external',
    disposition: 'attachment',
    contentType: 'image/png',
    url: mediaUrl(place),
    size: content.length,
    hash: { alg: 'sha-256', value: createHash('sha256').update(content).digest('hex') },
    seal: { alg: 'aes-256-gcm-blocks', key: key.toString('base64url') },
    filename: 'certification.png',
    meta: { width: SIDE, height: SIDE },
  };
  return { part, remove: () => store.remove({ place, storedAt: new Date() }) };
}

async function* once(content: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(content);
}
