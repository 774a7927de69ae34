import { existsSync, readFileSync } from 'node:fs';
import { outgoingFile, onDisk, safeName } from './outgoing-file.js';

const look = { voice: 'audio/amr' } as Parameters<typeof outgoingFile>[2];
const picture = { chat: 'im:a@b', what: 'image', name: '../../photo.png', type: 'image/png' } as const;

test.each([
  ['../../etc/passwd', '_.._etc_passwd'],
  ['<img src=x>.png', '_img src_x_.png'],
  ['图片.jpg', '图片.jpg'],
  ['...', 'file'],
  ['a'.repeat(300), 'a'.repeat(100)],
])('the name %j becomes %j', (name, safe) => {
  expect(safeName(name)).toBe(safe);
});

test('a picture is a file of the disk while it is sent, and not afterwards', async () => {
  const file = await outgoingFile(picture, Buffer.from('content'), look, undefined);
  const path = await onDisk(file, (sent) => {
    expect(readFileSync(sent.path, 'utf8')).toBe('content');
    expect(sent).toMatchObject({ name: '_.._photo.png', type: 'image/png', kind: 'image' });
    return Promise.resolve(sent.path);
  });
  expect(existsSync(path)).toBe(false);
});

test('without ffmpeg nobody records a voice note', async () => {
  const voice = { ...picture, what: 'voice' } as const;
  await expect(outgoingFile(voice, Buffer.from('x'), look, undefined)).rejects.toThrow('ffmpeg');
});
