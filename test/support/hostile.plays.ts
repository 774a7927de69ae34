/** Plays on the wall of phones and in the console: hostile people of every network write, and nothing happens but that it is read. */
import type { Browser } from 'playwright-core';
import type { Attachments } from './attachments.js';
import { ConsolePage } from './console-page.js';
import { HarmWatch } from './harm-watch.js';
import { endOf, HOSTILE_NAME, HostilePeople } from './hostile-people.js';
import { HOSTILE_TEXTS } from './hostile-texts.js';
import { until } from './hub-fixture.js';
import type { StandaloneFixture } from './standalone-fixture.js';
import type { WallPage } from './wall-page.js';

interface Stage {
  whole: StandaloneFixture;
  /** The networks of those who write. */
  slugs: readonly string[];
  attachments: Attachments;
  browser: Browser;
  /** With the phones of XMPP, Matrix and WeChat. */
  wall: WallPage;
  /** Of the page of the wall, since it was opened. */
  watch: HarmWatch;
}

/** Call it where tests are described. */
export function hostilePlays(stage: () => Stage): void {
  /** Phones on the wall that get everything: ghosts have accounts of their own there, or one account stands for all. */
  const VICTIMS = ['xmpp', 'matrix', 'wechat'] as const;
  let people: HostilePeople;

  beforeAll(async () => {
    const { whole, slugs, attachments } = stage();
    people = await HostilePeople.open(whole, slugs);
    await people.attack(whole.file.networks, VICTIMS, attachments);
  });
  afterAll(() => people?.close());

  test.each(VICTIMS)('on %s everything arrives as text', async (victim) => {
    const { wall, slugs } = stage();
    const senders = slugs.filter((slug) => slug !== victim);
    let all = '';
    for (const slug of senders) {
      await wall.chat(victim, endOf(slug));
      const { name, texts } = await wall.words(victim);
      all += texts;
      // Elsewhere the name is that of the list of contacts.
      if (victim === 'wechat' && people.named.has(slug)) expect(name).toContain(HOSTILE_NAME);
    }
    const times = HOSTILE_TEXTS.map((text) => [text, all.split(text).length - 1] as const);
    expect(times.filter(([, count]) => count < senders.length)).toEqual([]);
    const markup =
      ':is(script, style, iframe, base, meta, link, math, details, svg:not(.icon), img[src="x"])';
    expect(await wall.page.locator(`#wall ${markup}`).count()).toBe(0);
    expect(await wall.page.locator('.messages a:not([href^="http"], [href^="blob:"])').count()).toBe(0);
  });

  test('in the console their messages are found, and what they wrote is searched for', async () => {
    const { whole, browser, slugs } = stage();
    const { url, adminPassword } = whole.file.console;
    const visitor = { user: 'first-admin', password: adminPassword };
    const desk = await ConsolePage.signIn(browser, url, visitor);
    const deskWatch = await HarmWatch.on(desk.page, new URL(url).origin);
    await desk.open('/find');
    for (const slug of slugs) {
      await desk.find(people.firstIds.get(slug) ?? '');
      await desk.page.getByText('Delivered', { exact: true }).first().waitFor();
    }
    for (const text of HOSTILE_TEXTS) await desk.find(text);
    expect(deskWatch.harms).toEqual([]);
    await desk.close();
  });

  test('no hostile script ran on the wall, and it has made no request to another host', () => {
    expect(stage().watch.harms).toEqual([]);
  });

  test('whoever watches would have noticed', async () => {
    const careless = await stage().browser.newPage();
    const careful = await HarmWatch.on(careless, 'http://127.0.0.1');
    await careless.goto('about:blank');
    await careless.setContent(HOSTILE_TEXTS[0] ?? '');
    await until('the script to be noticed', () => careful.harms.includes('a hostile script ran'));
    await careless.close();
  });
}
