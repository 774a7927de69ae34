/**
 * The wall of phones in a real browser: text, a picture and a voice note across four phones, each on another network. A phone
 * that somebody just used stays in its chat, so the play opens the chat in which something is to be seen.
 */
import { chromium, type Browser, type Page } from 'playwright-core';
import { findChromium, required } from '#engines';
import { inaccessible } from './support/accessibility.js';
import { Attachments } from './support/attachments.js';
import { HarmWatch } from './support/harm-watch.js';
import { hostilePlays } from './support/hostile.plays.js';
import { StandaloneFixture } from './support/standalone-fixture.js';
import { BROWSER_OPTIONS, WallPage } from './support/wall-page.js';

/** Every network whose people have a phone. The first four are on the wall when it is opened. */
const SLUGS = ['xmpp', 'matrix', 'fetion', 'wechat', 'yixin', 'line', 'feiliao', 'youxin'] as const;

let whole: StandaloneFixture;
let attachments: Attachments;
let browser: Browser;
let page: Page;
let wall: WallPage;
let watch: HarmWatch;

beforeAll(async () => {
  const found = await Promise.all([
    findChromium(() => undefined),
    StandaloneFixture.open([...SLUGS], { HUTONG_WALL: 'on' }),
    Attachments.open(),
  ]);
  [whole, attachments] = [found[1], found[2]];
  browser = await chromium.launch({
    executablePath: required('Chromium', found[0]).paths.chromium,
    ...BROWSER_OPTIONS,
  });
  page = await browser.newPage({ viewport: { width: 1500, height: 980 }, locale: 'en-GB' });
  watch = await HarmWatch.on(page, new URL(address()).origin);
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
  for (const stage of ['accepted', 'routed', 'delivered']) await way.locator(`.step-${stage}`).waitFor();
  await expect(way.locator('.stage').allTextContents()).resolves.toEqual(['accepted', 'routed', 'delivered']);
});

test('four phones in their chats, the shelf and the line of the way are accessible', async () => {
  expect(await inaccessible(page)).toEqual([]);
});

test('a reply, a reaction, an edit and a recall cross', async () => {
  await wall.write('matrix', 'alice', 'I claer my throat');
  await wall.chat('xmpp', 'bob');
  await wall.reply('xmpp', 'I claer my throat', 'bless you');
  await wall.phone('matrix').locator('.theirs blockquote', { hasText: 'I claer' }).waitFor();
  await wall.react('xmpp', 'I claer my throat', '🎉');
  await wall.showsReaction('matrix', '🎉');
  await wall.edit('matrix', 'I claer my throat', 'I clear my throat');
  await wall.shows('xmpp', 'I clear my throat');
  await wall.recall('matrix', 'I clear my throat');
  await wall.phone('xmpp').locator('.theirs .recalled').waitFor();
});

test('Play lets the people of the open phones talk', async () => {
  await page.getByRole('button', { name: 'Play' }).first().click();
  await wall.chat('matrix', 'alice');
  await wall.shows('matrix', 'Who else is here?');
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('button', { name: 'Play' }).first().waitFor();
});

test('everything that crossed is accessible: quotes, reactions, edits, recalls, and ways on which something was adapted', async () => {
  for (const text of ['*bold*', '*bolder*']) {
    await wall.write('xmpp', '老张', text);
    await wall.shows('fetion', text.replaceAll('*', ''));
  }
  await page.locator('.travel:not(:first-child) .step-note').first().waitFor();
  expect(await inaccessible(page)).toEqual([]);
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

test('six phones stand side by side: dragged onto the wall, or picked up by keyboard', async () => {
  await wall.dragIn('feiliao');
  await wall.onShelf('yixin').focus();
  await page.keyboard.press('Enter');
  await wall.phone('yixin').waitFor();
  expect(await wall.focused()).toBe('phone yixin-0');
  const boxes = await Promise.all((await page.locator('.phone').all()).map((phone) => phone.boundingBox()));
  expect(boxes).toHaveLength(6);
  for (const [at, box] of boxes.entries()) {
    const next = boxes[at + 1]?.x ?? 1500;
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(next);
  }
  // The wall is full.
  expect(await wall.onShelf('line').isDisabled()).toBe(true);
});

test('a location, a card and a sticker', async () => {
  await wall.chat('feiliao', 'alice');
  await wall.press('feiliao', 'Location');
  await wall.chat('xmpp', '小飞');
  await wall.shows('xmpp', '南锣鼓巷');
  await wall.press('feiliao', 'Contact card');
  await wall.shows('xmpp', '小飞');
  await wall.press('feiliao', 'Sticker');
  await wall.shows('xmpp', 'hello');
  await wall.chat('matrix', '小飞');
  await wall.press('matrix', 'Location');
  await wall.chat('feiliao', 'bob');
  await wall.phone('feiliao').locator('.theirs .place', { hasText: '南锣鼓巷' }).waitFor();
});

test('every phone says how to start a chat with it, and another phone starts one', async () => {
  await wall.phone('fetion').getByRole('button', { name: 'My address' }).click();
  const card = wall.phone('fetion').locator('.address-card');
  const { address: im, native } = whole.file.networks.fetion.accounts[0] ?? { address: '', native: '' };
  await card.getByRole('img', { name: im }).waitFor();
  expect(await card.getByRole('link').first().getAttribute('href')).toMatch(/^xmpp:.*\?message$/);
  await card.getByRole('button', { name: 'Matrix · bob' }).click();
  // The chat replaces the one that was open, and what is written there.
  await wall.phone('matrix').locator('.peer h2', { hasText: '老张' }).waitFor();
  await wall.type('matrix', `so you are ${native}`);
  await page.keyboard.press('Enter');
  await wall
    .phone('matrix')
    .locator('.mine', { hasText: `so you are ${native}` })
    .waitFor();
  await wall.chat('fetion', 'bob');
  await wall.shows('fetion', `so you are ${native}`);
});

test('a message that comes while a row is pressed does not move the row away', async () => {
  await wall.phone('fetion').getByRole('button', { name: 'Back' }).click();
  await wall.write('wechat', '老张', 'press me');
  const rows = wall.phone('fetion').locator('.row');
  await rows.first().filter({ hasText: 'press me' }).hover();
  await page.mouse.down();
  await wall.type('matrix', 'I push in');
  await page.keyboard.press('Enter');
  await rows.filter({ hasText: 'I push in' }).waitFor();
  await page.mouse.up();
  await wall.shows('fetion', 'press me');
});

test('phones leave the wall: dragged back, or hung up by keyboard', async () => {
  await wall.dragOut('feiliao');
  await wall.phone('yixin').getByRole('button', { name: 'Hang up' }).focus();
  await page.keyboard.press('Enter');
  await wall.onShelf('yixin').waitFor();
  expect(await wall.focused()).toBe('shelf yixin-0');
  await expect(page.locator('.phone').count()).resolves.toBe(4);
});

test('a phone calls, and shows how the call stands until it is over', async () => {
  await wall.dragIn('youxin');
  await wall.chat('youxin', 'alice');
  const phone = wall.phone('youxin');
  await phone.getByRole('button', { name: 'Call', exact: true }).click();
  await phone.locator('.call').waitFor();
  // Without call pages nobody can answer, and the caller is told at once.
  await phone.locator('.call-over').waitFor();
  await wall.close('youxin');
});

describe('people with hostile names, who write hostile texts from every network', () => {
  hostilePlays(() => ({ whole, attachments, browser, wall, watch, slugs: SLUGS }));
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
