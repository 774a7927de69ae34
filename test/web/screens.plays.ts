/**
 * An admin signs in and opens every screen, among hostile names: in Chinese and dark colours, where contrast is measured, and in
 * English and light colours, where everything else is. A new screen gets a line in SCREENS.
 */
import { FIRST_ADMIN } from '../support/console-fixture.js';
import { ConsolePage, IN_HAND, PHONE } from '../support/console-page.js';
import { HarmWatch } from '../support/harm-watch.js';
import { HOSTILE_TEXTS } from '../support/hostile-texts.js';
import { PASSWORD, visitorOf, type WebStage } from './stage.js';

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
const PROPOSALS = /^(Propose|Change:|End:|Remove:)/;

export function screenPlays(stage: () => WebStage): void {
  let someone: ConsolePage;
  let watch: HarmWatch;
  /** An operator, and then an auditor. */
  let reader: ConsolePage | undefined;

  beforeAll(async () => {
    const { browser, house } = stage();
    someone = await ConsolePage.visit(browser, house.url, { locale: 'zh-CN', colorScheme: 'dark' });
    watch = await HarmWatch.on(someone.page, house.url);
  });
  afterAll(async () => {
    await someone?.close();
    await reader?.close();
  });

  const enter = async (name: string) => {
    await someone.enter(name);
    await someone.page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
  };

  it('a wrong password is refused in words, and the right one opens the address that was asked for', async () => {
    const { page } = someone;
    await page.goto(`${stage().house.url}/networks`);
    const form = page.locator('form');
    await page.getByLabel('用户名或邮箱').fill('first-admin');
    await page.getByLabel('密码', { exact: true }).fill('a wrong password');
    await form.getByRole('button', { name: '登录' }).click();
    await page.getByText('用户名、密码或验证码不正确。').waitFor();
    expect(await someone.findings()).toEqual([]);
    await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
    await form.getByRole('button', { name: '登录' }).click();
    await page.getByRole('heading', { level: 1, name: '网络' }).waitFor();
    await page.getByRole('cell', { name: 'XMPP', exact: true }).waitFor();
  });

  it.each(SCREENS)('$zh: enough contrast in dark colours', async ({ zh, path }) => {
    await enter(zh);
    expect(new URL(someone.page.url()).pathname).toBe(path);
    expect(await someone.findings({ rules: ['color-contrast'] })).toEqual([]);
  });

  it('the language changes at once', async () => {
    const { page } = someone;
    await page.getByRole('button', { name: '账户与显示' }).click();
    await page.getByText('English', { exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.display-settings').waitFor({ state: 'hidden' });
    await someone.colours('light');
  });

  it.each(SCREENS)('$en: accessible', async ({ en }) => {
    await enter(en);
    expect(await someone.findings()).toEqual([]);
  });

  it('an admin sees each of them in the menu, may do everything there, and proposes agreements', async () => {
    expect(await someone.menu()).toEqual(SCREENS.map(({ en }) => en));
    await enter('Agreements');
    await someone.page.getByRole('button', { name: 'History: * → *' }).waitFor();
    expect(await someone.page.getByRole('button', { name: PROPOSALS }).count()).toBeGreaterThan(0);
    expect(someone.forbidden).toEqual([]);
  });

  it.each(['operator', 'auditor'] as const)(
    '%s, on a phone by touch: no menu entry asks for what is forbidden, and nobody is offered to propose an agreement',
    async (role) => {
      const { browser, house } = stage();
      const visitor = await visitorOf(house, house.keys[role]);
      const person = (reader ??= await ConsolePage.visit(browser, house.url, IN_HAND));
      await person.become(visitor);
      await person.open('/changes');
      const entries = await person.tapMenu();
      expect(entries).toEqual(expect.arrayContaining(['Overview', 'Agreements', 'Changes']));
      for (const entry of entries) {
        await person.tapEntry(entry);
        await person.isAsNarrow();
        await person.tapMenu();
      }
      expect(person.forbidden).toEqual([]);
      await person.tapEntry('Agreements');
      await person.page.getByRole('button', { name: 'History: * → *' }).waitFor();
      expect(await person.page.getByRole('button', { name: PROPOSALS }).count()).toBe(0);
    },
  );

  it('on a phone a row is a card, and a dialog is as wide as the screen at most', async () => {
    const { page } = reader ?? someone;
    const cells = await page.locator('.rows tbody > tr.ant-table-row').first().locator('td:visible').all();
    const boxes = await Promise.all(cells.map((cell) => cell.boundingBox()));
    expect(boxes.length).toBeGreaterThan(3);
    for (const [at, box] of boxes.entries()) {
      const above = boxes[at - 1];
      expect(box?.y).toBeGreaterThanOrEqual((above?.y ?? 0) + (above?.height ?? 0) - 1);
    }
    const fits = async () => {
      const { x = -1, width = 0 } = (await page.getByRole('dialog').boundingBox()) ?? {};
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(PHONE.width);
      await page.getByRole('dialog').getByRole('button', { name: 'Close' }).tap();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    };
    await page.getByRole('button', { name: 'History: * → *' }).tap();
    await page.getByText('History: * → *', { exact: true }).waitFor();
    await fits();
    await reader?.go('/settings?tab=keys');
    await page.getByRole('button', { name: 'New key' }).tap();
    await page.getByRole('dialog').getByLabel('Name').tap();
    expect(await reader?.findingsInDialog()).toEqual([]);
    await fits();
  });

  it('names are text, whatever they contain', async () => {
    await enter('Operators');
    for (const name of HOSTILE_TEXTS) await someone.page.getByText(name, { exact: true }).first().waitFor();
    await someone.open(`/find?q=${encodeURIComponent(HOSTILE_TEXTS[0] ?? '')}`);
    await someone.page.getByRole('heading', { level: 1, name: 'Find' }).waitFor();
    expect(watch.harms).toEqual([]);
  });

  it('the filter stands in the address', async () => {
    await someone.go('/operators?filter=operator-3');
    await someone.page.getByText(`1 of ${HOSTILE_TEXTS.length} rows`).waitFor();
    expect(await someone.page.getByRole('row').count()).toBe(2);
  });

  it('Ctrl-K leads to each page by keyboard', async () => {
    const { page } = someone;
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Find or go to' }).fill('Dead');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Dead letters' }).waitFor();
  });

  it('on a phone the menu opens from a button', async () => {
    const { page } = someone;
    await someone.asPhone(async () => {
      await page.getByRole('button', { name: 'Menu' }).click();
      await page.getByRole('dialog').getByRole('link', { name: 'Networks' }).click();
      await page.getByRole('heading', { level: 1, name: 'Networks' }).waitFor();
    });
  });

  it('a network is suspended after a reason was given', async () => {
    const { house } = stage();
    await house.call(FIRST_ADMIN, 'POST', '/v1/networks/xmpp/enable', { reason: 'a test' });
    await someone.go('/networks?network=xmpp');
    const dialog = await someone.openDialog('Suspend now');
    await dialog.getByRole('button', { name: 'Suspend now' }).click();
    await dialog.getByText('Say why.').waitFor();
    await dialog.getByLabel('Reason').fill(HOSTILE_TEXTS[1] ?? '');
    await dialog.getByRole('button', { name: 'Suspend now' }).click();
    await someone.page.getByText('Suspended', { exact: true }).waitFor();
    const { body } = await house.call<{ status: string }>(FIRST_ADMIN, 'GET', '/v1/networks/xmpp');
    expect(body.status).toBe('suspended');
  });

  it('the account menu leads to the guide, which is there in Chinese too', async () => {
    const { page } = someone;
    await page.getByRole('button', { name: 'Account and display' }).click();
    // In this window: another one would be harm.
    const path = await page.getByRole('link', { name: 'Guide' }).getAttribute('href');
    await page.goto(new URL(path ?? '', page.url()).href);
    await page.getByRole('link', { name: 'Connect QQ' }).click();
    await page.getByRole('heading', { level: 1, name: 'Connect QQ' }).waitFor();
    await page.getByRole('link', { name: '中文' }).click();
    await page.getByRole('heading', { level: 1, name: '连接 QQ' }).waitFor();
    await someone.open('/');
  });

  it('signing out ends the session, and keeps the language of this browser', async () => {
    const { page } = someone;
    await page.getByRole('button', { name: 'Account and display' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    const refusal = page.locator('.account').getByRole('alert');
    const end = page.getByRole('heading', { level: 1, name: 'Sign in to Hutong' }).or(refusal);
    expect(await end.textContent()).toBe('Sign in to Hutong');
    expect(await someone.statusOfSession()).toBe(401);
  });

  it('no hostile script ran, the pages asked no other host, and the policy refused nothing', () => {
    expect(watch.harms).toEqual([]);
  });
}
