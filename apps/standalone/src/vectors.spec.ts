/** The code against docs/generated/vectors.json, as it stands in the file: adapters of others rely on these values. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nonceOf, openBlock, sealBlock } from '#bus';
import {
  Address,
  addressOf,
  canonicalAddress,
  directConversation,
  eventId,
  laneOf,
  mediaSubject,
  mediaPlace,
  nativeOf,
  parseAddress,
  MediaUrl,
  type IdFolding,
  type Network,
} from '#protocol';

interface Vectors {
  addresses: { cases: { network: Network; native: string; address: Address }[]; refused: string[] };
  canonical: { cases: (IdFolding & { address: Address; canonical: Address | null })[] };
  conversations: { cases: { one: Address; other: Address; conversation: string; lane: number }[] };
  eventIds: { cases: { network: Network; kind: string; native: string; id: string }[] };
  attachments: {
    blockBytes: number;
    cases: {
      period: number;
      size: number;
      sha256: string;
      key: string;
      url: string;
      blocks: { subject: string; nonce: string; size: number; sha256: string }[];
      info: { subject: string; payload: { size: number; blocks: number } };
    }[];
  };
}

const file = readFileSync(join('docs', 'generated', 'vectors.json'), 'utf8');
const { addresses, canonical, conversations, eventIds, attachments } = JSON.parse(file) as Vectors;

test.each(addresses.cases)('$native of $network is $address', ({ network, native, address }) => {
  expect(addressOf(network, native)).toBe(address);
  expect(parseAddress(address)).toMatchObject({ network, native });
  expect(nativeOf(address)).toBe(native);
});

test.each(addresses.refused)('%s is no address', (text) => {
  expect(Address.safeParse(text).success).toBe(false);
});

test.each(canonical.cases)('$ids: $address is $canonical', ({ address, canonical: expected, ...rule }) => {
  const made = () => canonicalAddress(address, rule);
  if (expected === null) expect(made).toThrow('names nobody');
  else expect(made()).toBe(expected);
});

test.each(conversations.cases)('$one and $other: $conversation in lane $lane', (pair) => {
  const conversation = directConversation(pair.one, pair.other);
  expect({ conversation, lane: laneOf(conversation) }).toEqual({
    conversation: pair.conversation,
    lane: pair.lane,
  });
});

test.each(eventIds.cases)('the $kind $native has the id $id', ({ network, kind, native, id }) => {
  expect(eventId(network, kind, native)).toBe(id);
});

const hexDigest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

test.each(attachments.cases)('the blocks of $size bytes', (object) => {
  const content = Buffer.from(Array.from({ length: object.size }, (_, at) => at % object.period));
  const place = mediaPlace(MediaUrl.parse(object.url));
  const key = Buffer.from(object.key, 'base64url');
  expect(hexDigest(content)).toBe(object.sha256);
  expect(object.info).toEqual({
    subject: mediaSubject(place, 'info'),
    payload: { size: object.size, blocks: object.blocks.length },
  });
  const opened = object.blocks.map((block, number) => {
    const start = number * attachments.blockBytes;
    const sealed = sealBlock(content.subarray(start, start + attachments.blockBytes), key, number);
    expect({
      subject: mediaSubject(place, number),
      nonce: nonceOf(number).toString('hex'),
      size: sealed.length,
      sha256: hexDigest(sealed),
    }).toEqual({ subject: block.subject, nonce: block.nonce, size: block.size, sha256: block.sha256 });
    return openBlock(sealed, key, number);
  });
  expect(Buffer.concat(opened).equals(content)).toBe(true);
});
