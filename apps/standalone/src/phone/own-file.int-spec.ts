/** Files of this machine that cannot be sent are refused in words, before anything is sent. */
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { checkFile, MAX_FILE_BYTES, pathOf } from './own-file.js';
import { WORDS } from './words.js';

const folder = mkdtempSync(join(tmpdir(), 'hutong-own-file-'));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  await sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } })
    .jpeg()
    .toFile(at('photo.jpg'));
  writeFileSync(at('note.amr'), Buffer.concat([Buffer.from('#!AMR\n'), Buffer.alloc(64, 0x3c)]));
  writeFileSync(at('words.jpg'), 'these are words');
  writeFileSync(at('empty.jpg'), '');
  writeFileSync(at('large.jpg'), 'x');
  truncateSync(at('large.jpg'), MAX_FILE_BYTES + 1);
  mkdirSync(at('folder'));
});

test.each([
  ['photo.jpg', 'image'],
  ['note.amr', 'voice'],
] as const)('%s is sent as %s', async (name, what) => {
  await expect(checkFile(at(name), what, WORDS.en)).resolves.toBeUndefined();
});

test.each([
  ['nothing.jpg', 'image', /^There is no file .*nothing\.jpg\.$/],
  ['photo.jpg/inside', 'image', /^There is no file/],
  ['folder', 'image', /is a folder, not a file/],
  ['empty.jpg', 'image', /is empty/],
  ['large.jpg', 'image', /has 100\.0 MB; the phone sends at most 100\.0 MB/],
  ['words.jpg', 'image', /is not a picture, but text\/plain/],
  ['photo.jpg', 'voice', /is not a sound file, but image\/jpeg/],
  ['note.amr', 'image', /is not a picture, but audio\/amr/],
] as const)('%s as %s is refused in words', async (name, what, why) => {
  await expect(checkFile(at(name), what, WORDS.en)).rejects.toThrow(why);
});

test.each([
  ['a b.jpg', '/home/li/a b.jpg'],
  ["'/tmp/a b.jpg'", '/tmp/a b.jpg'],
  ['"a.jpg"', '/home/li/a.jpg'],
  ['/tmp/a\\ b.jpg', '/tmp/a b.jpg'],
  ['~/a.jpg', join(homedir(), 'a.jpg')],
  ['~a.jpg', '/home/li/~a.jpg'],
])('%s, typed in /home/li, is the file %s', (typed, path) => {
  expect(pathOf(typed, '/home/li')).toBe(path);
});
