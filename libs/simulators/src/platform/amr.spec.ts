import { AMR_MAGIC, amrSeconds } from './amr.js';

const amr = (...frames: Buffer[]): Buffer => Buffer.concat([Buffer.from(AMR_MAGIC), ...frames]);
const frame = (type: number, octets: number): Buffer =>
  Buffer.concat([Buffer.from([(type << 3) | 0x04]), Buffer.alloc(octets, 0xff)]);
const many = (count: number): Buffer[] => Array<Buffer>(count).fill(frame(7, 31));

describe('the length of an AMR voice note', () => {
  it.each([
    [0, 12],
    [1, 13],
    [2, 15],
    [3, 17],
    [4, 19],
    [5, 20],
    [6, 26],
    [7, 31],
    [8, 5],
    [15, 0],
  ])('knows that a frame of type %i has %i octets of speech', (type, octets) => {
    expect(amrSeconds(amr(frame(type, octets), frame(type, octets)))).toBeCloseTo(0.04);
  });

  it('is 20 ms for each frame, of whatever rate', () => {
    expect(amrSeconds(amr())).toBe(0);
    expect(amrSeconds(amr(...many(3000)))).toBe(60);
    expect(amrSeconds(amr(...many(3001)))).toBeGreaterThan(60);
    expect(amrSeconds(amr(frame(0, 12), frame(8, 5), frame(7, 31)))).toBeCloseTo(0.06);
  });

  it('ends where the frames end', () => {
    expect(amrSeconds(amr(frame(7, 31), frame(7, 30)))).toBeCloseTo(0.02);
    expect(amrSeconds(amr(frame(7, 31), frame(9, 6), frame(7, 31)))).toBeCloseTo(0.02);
  });
});
