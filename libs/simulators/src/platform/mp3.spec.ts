import { mp3Frame, mp3Seconds } from './mp3.js';

/** MPEG 1 layer III, 128 kbit/s, 44.1 kHz: 417 octets for 1152 samples. */
const frame = Buffer.concat([Buffer.from('fffb9000', 'hex'), Buffer.alloc(413)]);
const of = (count: number): Buffer => Buffer.concat(Array<Buffer>(count).fill(frame));
const SECONDS = 1152 / 44_100;

describe('the length of an MP3', () => {
  it.each([
    ['fffb9000', 417, 1152 / 44_100],
    ['fffb9200', 418, 1152 / 44_100],
    ['fff34400', 96, 576 / 24_000],
    ['ffe34000', 208, 576 / 11_025],
  ])('reads the head %s', (head, octets, seconds) => {
    const read = mp3Frame(Buffer.from(head, 'hex'), 0);
    expect(read?.octets).toBe(octets);
    expect(read?.seconds).toBeCloseTo(seconds);
  });

  it.each(['ffd8ffe0', 'fffd9000', 'fffbf000', 'fffb9c00', 'ffeb9000', 'ff'])(
    'sees no frame in %s',
    (head) => {
      expect(mp3Frame(Buffer.from(head, 'hex'), 0)).toBeUndefined();
    },
  );

  it('counts the sound, not what encoders put around it', () => {
    expect(mp3Seconds(of(3))).toBe(0);
    expect(mp3Seconds(of(103))).toBeCloseTo(100 * SECONDS);
  });

  it('begins behind the tag', () => {
    const tag = Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\x02\x01', 'latin1'), Buffer.alloc(257)]);
    expect(mp3Seconds(Buffer.concat([tag, of(103)]))).toBeCloseTo(100 * SECONDS);
  });
});
