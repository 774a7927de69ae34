import { contentOf, voiceSeconds } from './content-of.js';

describe('what a file is', () => {
  it.each([
    ['jpg', 'ffd8ffe000104a464946'],
    ['png', '89504e470d0a1a0a0000000d'],
    ['gif', '474946383961'],
    ['bmp', '424d3a000000'],
    ['amr', '2321414d520a3c'],
    ['mp3', '49443304'],
    ['mp3', 'fffb9000'],
    ['mp4', '000000186674797069736f6d'],
  ])('is seen in the first bytes of a %s', (content, hex) => {
    expect(contentOf(Buffer.from(hex, 'hex'))).toBe(content);
  });

  it.each(['', 'the picture', '#!AMR-WB\n', '<svg/>'])('is not known for %j', (text) => {
    expect(contentOf(Buffer.from(text))).toBeUndefined();
    expect(voiceSeconds(Buffer.from(text))).toBeUndefined();
  });
});
