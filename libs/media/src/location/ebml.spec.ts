/** Matroska and WebM whose head is damaged: the places in them cannot be reached, so the file is refused. */
import { HubError } from '#protocol';
import { BufferSpan } from '../container/span.js';
import { eraseFromEbml } from './ebml.js';
import { PlaceEraser } from './location-eraser.js';

const HEAD = Buffer.from('1a45dfa3', 'hex');
const DOC_TYPE = Buffer.from('4282847765626d', 'hex');
const TAGS = Buffer.concat([
  Buffer.from('1254c367', 'hex'),
  Buffer.from([0x80 | 19]),
  Buffer.from('+39.9072+116.3914/', 'latin1'),
  Buffer.from([0]),
]);
const SEGMENT = Buffer.concat([Buffer.from('18538067', 'hex'), Buffer.from([0x80 | TAGS.length]), TAGS]);

const webm = (size: number[], ...rest: Buffer[]) =>
  Buffer.concat([HEAD, Buffer.from(size), DOC_TYPE, ...rest]);
const erase = (bytes: Buffer) => eraseFromEbml(new BufferSpan(bytes), new PlaceEraser());

describe('the head of a WebM file', () => {
  test('is whole: the tags that cannot be read become void', () => {
    const file = webm([0x80 | DOC_TYPE.length], SEGMENT);
    expect(erase(file).changed).toBe(true);
    expect(file.includes('39.9072')).toBe(false);
  });

  test.each([
    ['has no size, so that it covers the segment', [0xff]],
    ['is as long as the whole file', [0x80 | (DOC_TYPE.length + SEGMENT.length)]],
    ['is longer than the file', [0xbf]],
    ['ends in the middle of the segment', [0x80 | (DOC_TYPE.length + 6)]],
  ])('%s: the file is refused with 106', (_, size) => {
    expect(() => erase(webm(size, SEGMENT))).toThrow(HubError);
  });

  test('stands alone: the file is refused with 106', () => {
    expect(() => erase(webm([0x80 | DOC_TYPE.length]))).toThrow(/no segment/);
  });
});
