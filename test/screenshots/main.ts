/** `npm run screenshots`: makes pictures of the wall of phones and of each screen of the web console, of an installation of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';

const HELP = `npm run screenshots: starts an installation of its own, holds a conversation on the wall of phones, gives the console something
to show, and makes a picture of each screen, in English; of the overview also in Chinese.

  --only wall,overview   only these pictures

Pictures of the documentation are written to docs/images, all others to data/screenshots.
`;

const SLUGS = ['xmpp', 'matrix', 'fetion', 'wechat', 'yixin', 'line', 'feiliao'];
/** They stand in README.md. */
const IN_DOCUMENTATION = new Set(['wall', 'overview', 'message', 'network', 'changes']);
/** So long people talk before the console is looked at, ms: the curve of the last five minutes has a shape. */
const TALK_MS = 100_000;
const LOOK = { viewport: { width: 1360, height: 850 }, colorScheme: 'light' } as const;

const { values } = parseArgs({
  options: { only: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

// Loaded after the help: they load clients of all networks.
const { chromium } = await import('playwright-core');
const { findChromium, required } = await import('#engines');
const { ConsolePage } = await import('../support/console-page.js');
const { StandaloneFixture } = await import('../support/standalone-fixture.js');
const { BROWSER_OPTIONS, WallPage } = await import('../support/wall-page.js');
const { detailScreens, screensOfMenu } = await import('./console-screens.js');
const { makeHistory, YESTERDAY } = await import('./history.js');
const { takePicture } = await import('./picture.js');
const { Traffic } = await import('./traffic.js');
const { drawHutong, talk } = await import('./wall-talk.js');

const only = values.only?.split(',');
const isWanted = (name: string) => only === undefined || only.includes(name);
const say = (text: string) => process.stdout.write(`${text}\n`);

const { chromium: executablePath } = required('Chromium', await findChromium(say)).paths;
say('starting all networks (half a minute) ...');
const whole = await StandaloneFixture.open(SLUGS, { HUTONG_WALL: 'on' });
const scratch = mkdtempSync(join(tmpdir(), 'hutong-screenshots-'));
let browser: Browser | undefined;
try {
  browser = await chromium.launch({ executablePath, ...BROWSER_OPTIONS });
  if (isWanted('wall')) await pictureWall(browser);
  if (only === undefined || only.some((name) => name !== 'wall')) await pictureConsole(browser);
} finally {
  await browser?.close();
  await whole.close();
  rmSync(scratch, { recursive: true, force: true });
}

async function pictureWall(on: Browser): Promise<void> {
  const page = await on.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
  const wall = await WallPage.open(page, whole.file.wall?.url ?? '');
  const photo = join(scratch, 'hutong.jpg');
  await drawHutong(photo);
  await talk(wall, photo);
  await picture(page, 'wall');
  await page.close();
}

async function pictureConsole(on: Browser): Promise<void> {
  const { url, adminPassword: password } = whole.file.console;
  const visitor = { user: 'first-admin', password };
  say('people talk with each other, so that there is something to see (two minutes) ...');
  const traffic = await Traffic.start(whole, SLUGS);
  const talked = new Promise((resolve) => setTimeout(resolve, TALK_MS));
  try {
    await makeHistory(whole, SLUGS);
    await talked;
    const english = await ConsolePage.signIn(on, url, visitor, { ...LOOK, locale: 'en-GB' });
    await english.open('/');
    const screens = [...(await screensOfMenu(english)), ...detailScreens(traffic.lastId, YESTERDAY)];
    for (const { name, path } of screens.filter((screen) => isWanted(screen.name))) {
      await english.open(path);
      await picture(english.page, name);
    }
    if (!isWanted('overview')) return;
    const chinese = await ConsolePage.signIn(on, url, visitor, { ...LOOK, locale: 'zh-CN' });
    await chinese.open('/');
    await picture(chinese.page, 'overview-zh');
  } finally {
    await traffic.stop();
  }
}

async function picture(page: Page, name: string): Promise<void> {
  const folder = IN_DOCUMENTATION.has(name) ? join('docs', 'images') : join('data', 'screenshots');
  const path = join(folder, `${name}.png`);
  say(`${path}: ${Math.round((await takePicture(page, path)) / 1000)} kB`);
}
