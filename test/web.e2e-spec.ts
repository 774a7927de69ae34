/** The web console in a real browser: an admin signs in and opens each screen in both languages, among hostile names. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { findChromium } from '#engines';
import { launchBrowser } from './support/browser.js';
import { ConsoleFixture, FIRST_ADMIN } from './support/console-fixture.js';
import { engineOrSkip } from './support/engines.js';
import { HarmWatch } from './support/harm-watch.js';
import { HOSTILE_TEXTS } from './support/hostile-texts.js';

const PASSWORD = 'a long enough password';

const SCREENS = [
  { path: '/', zh: '概览', en: 'Overview' },
  { path: '/topology', zh: '拓扑', en: 'Topology' },
  { path: '/find', zh: '查找', en: 'Find' },
  { path: '/dead-letters', zh: '死信', en: 'Dead letters' },
  { path: '/networks', zh: '网络', en: 'Networks' },
  { path: '/operators', zh: '运营方', en: 'Operators' },
  { path: '/certification', zh: '认证', en: 'Certification' },
  { path: '/people', zh: '号码与人', en: 'Numbers and people' },
  { path: '/agreements', zh: '协议与资费', en: 'Agreements' },
  { path: '/days', zh: '营业日', en: 'Business days' },
  { path: '/adjustments', zh: '调整', en: 'Adjustments' },
  { path: '/disputes', zh: '争议', en: 'Disputes' },
  { path: '/changes', zh: '待办变更', en: 'Changes' },
  { path: '/risk', zh: '风险', en: 'Risk' },
  { path: '/audit', zh: '审计', en: 'Audit' },
  { path: '/settings', zh: '设置', en: 'Settings' },
] as const;

const program = await engineOrSkip('Chromium', findChromium);
const inBrowser = program ? describe : describe.skip;

inBrowser('web console', () => {
  let console: ConsoleFixture;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let watch: HarmWatch;

  beforeAll(async () => {
    console = await ConsoleFixture.open(undefined, { ADMIN_PASSWORD: PASSWORD });
    for (const [index, name] of HOSTILE_TEXTS.entries()) {
      const operator = { id: `operator-${index}`, name, contact: name, reason: name };
      const { status } = await console.call(FIRST_ADMIN, 'POST', '/v1/operators', operator);
      expect(status).toBe(201);
    }
    browser = await launchBrowser(program?.chromium);
    context = await browser.newContext({
      locale: 'zh-CN',
      viewport: { width: 1280, height: 900 },
      // A click or a measure of contrast in the middle of an animation says nothing about the page.
      reducedMotion: 'reduce',
    });
    page = await context.newPage();
    watch = await HarmWatch.on(page, console.url);
  });
  afterAll(async () => {
    await browser?.close();
    await console?.close();
  });

  /** @returns rules of accessibility that the page breaks, with the elements */
  async function findings(): Promise<string[]> {
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  }

  const open = async (name: string) => {
    await page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
    await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
    await page.locator('.loading').first().waitFor({ state: 'detached' });
  };

  it('a wrong password is refused in words, and the right one opens the address that was asked for', async () => {
    await page.goto(`${console.url}/networks`);
    const form = page.locator('form');
    await page.getByLabel('用户名或邮箱').fill('first-admin');
    await page.getByLabel('密码', { exact: true }).fill('a wrong password');
    await form.getByRole('button', { name: '登录' }).click();
    await page.getByText('用户名、密码或验证码不正确。').waitFor();
    expect(await findings()).toEqual([]);
    await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
    await form.getByRole('button', { name: '登录' }).click();
    await page.getByRole('heading', { level: 1, name: '网络' }).waitFor();
    await page.getByRole('cell', { name: 'XMPP', exact: true }).waitFor();
  });

  it.each(SCREENS)('$zh: accessible', async ({ zh, path }) => {
    await open(zh);
    expect(new URL(page.url()).pathname).toBe(path);
    expect(await findings()).toEqual([]);
  });

  it('the language changes at once', async () => {
    await page.getByRole('button', { name: '账户与显示' }).click();
    await page.getByText('English', { exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.display-settings').waitFor({ state: 'hidden' });
  });

  it.each(SCREENS)('$en: accessible', async ({ en }) => {
    await open(en);
    expect(await findings()).toEqual([]);
  });

  it('names are text, whatever they contain', async () => {
    await open('Operators');
    for (const name of HOSTILE_TEXTS) await page.getByText(name, { exact: true }).first().waitFor();
    await page.goto(`${console.url}/find?q=${encodeURIComponent(HOSTILE_TEXTS[0] ?? '')}`);
    await page.getByRole('heading', { level: 1, name: 'Find' }).waitFor();
    expect(watch.harms).toEqual([]);
  });

  it('the filter stands in the address', async () => {
    await page.goto(`${console.url}/operators?filter=operator-3`);
    await page.getByText(`1 of ${HOSTILE_TEXTS.length} rows`).waitFor();
    expect(await page.getByRole('row').count()).toBe(2);
  });

  it('Ctrl-K leads to each page by keyboard', async () => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Find or go to' }).fill('Dead');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Dead letters' }).waitFor();
  });

  it('on a phone the menu opens from a button', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('dialog').getByRole('link', { name: 'Networks' }).click();
    await page.getByRole('heading', { level: 1, name: 'Networks' }).waitFor();
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  it('a network is suspended after a reason was given', async () => {
    await console.call(FIRST_ADMIN, 'POST', '/v1/networks/xmpp/enable', { reason: 'a test' });
    await page.goto(`${console.url}/networks?network=xmpp`);
    await page.getByRole('button', { name: 'Suspend now' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Suspend now' }).click();
    await dialog.getByText('Say why.').waitFor();
    await dialog.getByLabel('Reason').fill(HOSTILE_TEXTS[1] ?? '');
    await dialog.getByRole('button', { name: 'Suspend now' }).click();
    await page.getByText('Suspended', { exact: true }).waitFor();
    const { body } = await console.call<{ status: string }>(FIRST_ADMIN, 'GET', '/v1/networks/xmpp');
    expect(body.status).toBe('suspended');
  });

  it('signing out ends the session, and keeps the language of this browser', async () => {
    await page.getByRole('button', { name: 'Account and display' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    const refusal = page.locator('.account').getByRole('alert');
    const end = page.getByRole('heading', { level: 1, name: 'Sign in to Hutong' }).or(refusal);
    expect(await end.textContent()).toBe('Sign in to Hutong');
    expect((await context.request.get(`${console.url}/v1/me`)).status()).toBe(401);
  });

  it('no hostile script ran, the pages asked no other host, and the policy refused nothing', () => {
    expect(watch.harms).toEqual([]);
  });
});
