/**
 * The wall of phones in a real browser: text, a picture and a voice note across four phones, each on another network. A phone
 * that somebody just used stays in its chat, so the play opens the chat in which something is to be seen.
 */
import { execFileSync } from 'node:child_process';
import { chromium, type Browser, type Page } from 'playwright-core';
import { findChromium, required } from '#engines';
import { Attachments } from './support/attachments.js';
import { StandaloneFixture } from './support/standalone-fixture.js';
import { BROWSER_OPTIONS, WallPage } from './support/wall-page.js';

const FOUR = ['xmpp', 'matrix', 'fetion', 'wechat'];
/** A picture that would call a function if it were read as HTML. */
const HOSTILE = '<img src=x onerror="document.title=1"><b>bold</b> http://127.0.0.1:9/';

let whole: StandaloneFixture;
let attachments: Attachments;
let browser: Browser;
let page: Page;
let wall: WallPage;
/** Requests that the page made to other hosts, and errors of its scripts. */
const faults: string[] = [];

beforeAll(async () => {
  // As npm start does it.
  const vite = ['node_modules/vite/bin/vite.js', 'build', 'apps/phones/web', '--logLevel', 'warn'];
  execFileSync(process.execPath, vite);
  const found = await Promise.all([
    findChromium(() => undefined),
    StandaloneFixture.open(FOUR, { HUTONG_WALL: 'on' }),
    Attachments.open(),
  ]);
  [whole, attachments] = [found[1], found[2]];
  browser = await chromium.launch({
    executablePath: required('Chromium', found[0]).paths.chromium,
    ...BROWSER_OPTIONS,
  });
  page = await browser.newPage({ viewport: { width: 1500, height: 980 }, locale: 'en-GB' });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('request', (request) => {
    const own = request.url().startsWith(new URL(address()).origin) || /^(blob|data):/.test(request.url());
    if (!own) faults.push(`request to ${request.url()}`);
  });
  wall = await WallPage.open(page, address());
});

afterAll(async () => {
  await browser?.close();
  await whole?.close();
  attachments?.close();
});

function address(): string {
  return whole.file.wall?.url ?? '';
}

test('a text goes around: WeChat, Fetion, XMPP, Matrix, WeChat', async () => {
  await wall.write('wechat', '老张', '微信找飞信');
  await wall.shows('fetion', '微信找飞信');
  await wall.write('fetion', 'alice', '飞信找 XMPP');
  await wall.shows('xmpp', '飞信找 XMPP');
  await wall.write('xmpp', 'bob', 'from XMPP to Matrix');
  await wall.shows('matrix', 'from XMPP to Matrix');
  await wall.write('matrix', '小李', 'from Matrix to WeChat');
  await wall.chat('wechat', 'bob');
  await wall.shows('wechat', 'from Matrix to WeChat');
});

test('the author sees that it was delivered and read; the line below shows its way', async () => {
  await wall.write('xmpp', 'bob', 'are you there?');
  await wall.chat('matrix', 'alice');
  await wall
    .phone('xmpp')
    .locator('.mine', { hasText: 'are you there?' })
    .getByRole('img', { name: 'Read' })
    .waitFor();
  const way = page.locator('.travel-delivered', { hasText: 'bob · Matrix' }).first();
  await way.locator('.step-delivered').waitFor();
  await expect(way.locator('.stage').allTextContents()).resolves.toEqual(['accepted', 'routed', 'delivered']);
});

test('a picture is shown on Matrix, and is a link on Fetion', async () => {
  const { path } = await attachments.picture();
  await wall.sendPicture('wechat', 'bob', path);
  await wall.chat('matrix', '小李');
  const picture = await wall.showsPicture('matrix');
  const width = await picture.evaluate(
    (image) => (image as unknown as { naturalWidth: number }).naturalWidth,
  );
  expect(width).toBe(300);
  await wall.sendPicture('wechat', '老张', path);
  await wall.chat('fetion', '小李');
  await wall.shows('fetion', '/m/');
});

test('a voice note that is recorded on XMPP is played on WeChat', async () => {
  await wall.chat('wechat', 'alice');
  await wall.recordVoice('xmpp', '小李', 1000);
  const note = await wall.showsVoice('wechat');
  await note.getByRole('button', { name: 'Play' }).click();
  await page.waitForFunction(
    (audio) => (audio as unknown as { currentTime: number }).currentTime > 0,
    await note.locator('audio').elementHandle(),
  );
});

test('texts of people are texts', async () => {
  await wall.write('matrix', 'alice', HOSTILE);
  await wall.chat('xmpp', 'bob');
  await wall.shows('xmpp', HOSTILE);
  await expect(page.title()).resolves.toContain('Hutong');
  await expect(wall.phone('xmpp').locator('.bubble b').count()).resolves.toBe(0);
});

test('the page has made no request to another host, and no script of it failed', () => {
  expect(faults).toEqual([]);
});

test('without the token nobody uses the wall, and no other site does', async () => {
  const api = new URL('/phones/api/wall', address());
  const authorization = `Bearer ${new URL(address()).hash.slice(1)}`;
  const ask = async (headers: Record<string, string>) => (await fetch(api, { headers })).status;
  expect(await ask({ authorization })).toBe(200);
  expect(await ask({})).toBe(401);
  expect(await ask({ authorization: 'Bearer wrong' })).toBe(401);
  expect(await ask({ authorization, origin: 'http://evil.example' })).toBe(403);
  const policy = (await fetch(new URL('/phones/', address()))).headers.get('content-security-policy');
  expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
});
