import { qrCodeInText } from './qr-code-in-text.js';

test('a QR code is a square of half blocks, with the three corners of every code', () => {
  const lines = qrCodeInText('https://liteapp.weixin.qq.com/q/7').split('\n');
  const width = lines[0]?.length ?? 0;
  expect(lines.length).toBe(Math.ceil(width / 2));
  // Version 3 has 29 modules, and 2 empty ones on each side.
  expect(width).toBe(33);
  const corner = ['██ ▄▄▄▄▄ ', '██ █   █ ', '██ █▄▄▄█ '];
  expect(lines.slice(1, 4).map((line) => line.slice(0, 9))).toEqual(corner);
  expect(lines.slice(1, 4).map((line) => line.split('').toReversed().join('').slice(0, 9))).toEqual(corner);
});
