/** Settings, risk and audit of the web console in a real browser, with a real receiver of webhooks. */
import { Secret, TOTP } from 'otpauth';
import type { Browser, Locator, Page } from 'playwright-core';
import { findChromium } from '#engines';
import { inaccessible } from './support/accessibility.js';
import { launchBrowser } from './support/browser.js';
import { ConsoleFixture, FIRST_ADMIN } from './support/console-fixture.js';
import { ConsolePage } from './support/console-page.js';
import { engineOrSkip } from './support/engines.js';
import { until } from './support/hub-fixture.js';
import { WebhookReceiver } from './support/webhook-receiver.js';

const PASSWORD = 'a long enough password';
const VISITORS = {
  first: { user: 'first-admin', password: PASSWORD },
  second: { user: 'second-admin', password: PASSWORD },
};
// A measure of contrast in the middle of an animation says nothing about the page.
const LOOK = { locale: 'en-GB', viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' } as const;
const HOSTILE = '<img src=x onerror="window.harmed=1">';
const program = await engineOrSkip('Chromium', findChromium);
const inBrowser = program ? describe : describe.skip;

inBrowser('settings, risk and audit', () => {
  let receiver: WebhookReceiver;
  let house: ConsoleFixture;
  let browser: Browser;
  let admin: ConsolePage;

  beforeAll(async () => {
    receiver = await WebhookReceiver.open();
    house = await ConsoleFixture.open(undefined, {
      ADMIN_PASSWORD: PASSWORD,
      SECOND_ADMIN_PASSWORD: PASSWORD,
      WEBHOOK_PRIVATE_HOSTS: receiver.host,
    });
    for (const [id, name] of [
      ['one', 'One'],
      ['two', HOSTILE],
    ])
      await house.call(FIRST_ADMIN, 'POST', '/v1/operators', { id, name, contact: 'noc', reason: name });
    browser = await launchBrowser(program?.chromium);
    admin = await ConsolePage.signIn(browser, house.url, VISITORS.first, LOOK);
  });
  afterAll(async () => {
    await browser?.close();
    await house?.close();
    receiver?.close();
  }, 60_000);

  /** Presses a button that opens a dialog. */
  async function dialogOf(page: Page, button: string): Promise<Locator> {
    await page.getByRole('button', { name: button, exact: true }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    return dialog;
  }
  const statusOf = async ({ page }: ConsolePage) =>
    (await page.context().request.get(`${house.url}/v1/me`)).status();

  test.each([
    ['/settings?tab=sessions', 'My sessions'],
    ['/settings?tab=secondFactor', 'Set up a second factor'],
    ['/settings?tab=keys', 'New key'],
    ['/settings?tab=people', 'Add a person'],
    ['/settings?tab=webhooks', 'No webhooks'],
    ['/settings?tab=display', 'Keep for my account'],
    ['/risk?tab=networks&network=xmpp', 'Propose dismissing complaints'],
    ['/risk?tab=limits', 'No limit was reached'],
    ['/risk?tab=complaints', 'No complaints'],
    ['/risk?tab=blocked', 'No blocked addresses'],
    ['/audit?action=operator.', 'operator/two'],
  ])('%s: accessible, also on a phone', async (path, words) => {
    await admin.open(path);
    await admin.page.getByText(words).first().waitFor();
    expect(await inaccessible(admin.page)).toEqual([]);
    await admin.page.setViewportSize({ width: 390, height: 800 });
    await until('the page fits', async () => {
      const width = await admin.page.evaluate<number>('document.documentElement.scrollWidth');
      return width <= 390;
    });
    await admin.page.setViewportSize({ width: 1280, height: 900 });
  });

  test('the audit log is filtered by the server, and its filters stand in the address', async () => {
    const { page } = admin;
    await admin.open('/audit');
    await page.getByLabel('What', { exact: true }).fill('operator.');
    await page.getByLabel('What', { exact: true }).press('Enter');
    await page.waitForURL(/action=operator/);
    await page.getByRole('row').nth(3).waitFor({ state: 'detached' });
    expect(await page.getByRole('row').count()).toBe(3);
    await page.getByRole('link', { name: 'operator/one' }).click();
    await page.waitForURL(/subject=operator/);
    await page.getByRole('row').nth(2).waitFor({ state: 'detached' });
    await page.goBack();
    await page.getByRole('row').nth(2).waitFor();
    // A reason is text, whatever it contains.
    await page.getByText(HOSTILE, { exact: true }).first().waitFor();
    expect(await page.evaluate<boolean>("'harmed' in window")).toBe(false);

    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Export CSV' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('audit.csv');
    await page.getByRole('button', { name: 'Verify the chain' }).click();
    await page.getByText(/The chain is intact/).waitFor();
  });

  test('pages of the audit log: older ones, and back to the first', async () => {
    const { page } = admin;
    for (let n = 0; n < 60; n++)
      await house.call(FIRST_ADMIN, 'POST', '/v1/keys', { name: `key ${n}`, reason: 'a test' });
    await admin.open('/audit?action=key.issued');
    const numberOfFirst = () => page.getByRole('row').nth(1).getByRole('cell').first().innerText();
    const first = await numberOfFirst();
    await page.getByRole('button', { name: 'Next page' }).click();
    await page.waitForURL(/page=/);
    await page.getByRole('button', { name: 'First page', disabled: false }).click();
    await page.waitForURL((url) => !url.search.includes('page='));
    await until('the first page', async () => (await numberOfFirst()) === first);
  });

  test('a webhook: its secret is shown once, a test arrives, and the log says so', async () => {
    const { page } = admin;
    await admin.open('/settings?tab=webhooks');
    const dialog = await dialogOf(page, 'New webhook');
    await dialog.getByLabel('Address').fill(`${receiver.url}/browser`);
    await dialog.getByLabel('Network unavailable').check();
    await dialog.getByLabel('Purpose').fill(HOSTILE);
    await dialog.getByLabel('Reason').fill('a test');
    expect(await inaccessible(admin.page)).toEqual([]);
    await dialog.getByRole('button', { name: 'New webhook' }).click();
    await page.locator('.secret', { hasText: /^whsec_/ }).waitFor();
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByRole('button', { name: 'Send a test' }).click();
    await until('the test', () => receiver.at('/browser').length === 1);
    await page.getByText('Delivered', { exact: true }).waitFor();
    expect(new URL(page.url()).searchParams.get('webhook')).not.toBeNull();
    await page.getByRole('button', { name: 'Deliver again' }).click();
    await until('the same again', () => receiver.at('/browser').length === 2);
    expect(await page.evaluate<boolean>("'harmed' in window")).toBe(false);
  });

  test('a key is shown once, works, and is revoked', async () => {
    const { page } = admin;
    await admin.open('/settings?tab=keys');
    const dialog = await dialogOf(page, 'New key');
    await dialog.getByLabel('Name').fill('from the browser');
    await dialog.getByLabel('Reason').fill('a test');
    await dialog.getByRole('button', { name: 'Make it' }).click();
    const key = await page.locator('.secret').innerText();
    expect((await house.call(key, 'GET', '/v1/me')).status).toBe(200);
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await admin.open('/settings?tab=keys&filter=from%20the%20browser');
    const asked = await dialogOf(page, 'Revoke');
    await asked.getByLabel('Reason').fill('a test');
    await asked.getByRole('button', { name: 'Revoke' }).click();
    await until('it is refused', async () => (await house.call(key, 'GET', '/v1/me')).status === 401);
  });

  test('a person is proposed, and the page says that another admin must approve', async () => {
    const { page } = admin;
    await admin.open('/settings?tab=people');
    const dialog = await dialogOf(page, 'Add a person');
    await dialog.getByLabel('Name', { exact: true }).fill('Li');
    await dialog.getByLabel('Mail address').fill('li@example.org');
    await dialog.getByLabel('Reason').fill('a test');
    await dialog.getByRole('button', { name: 'Propose' }).click();
    await page.getByText('It takes effect when another person has approved it.', { exact: false }).waitFor();
    await page.getByRole('link', { name: 'Show the change' }).click();
    await page.waitForURL(/\/changes\?filter=/);
    await page.getByText('li@example.org').first().waitFor();
  });

  test('all other sessions end at once', async () => {
    const other = await ConsolePage.signIn(browser, house.url, VISITORS.first, LOOK);
    await admin.open('/settings?tab=sessions');
    await admin.page.getByRole('button', { name: 'End all other sessions' }).click();
    await until('it has ended', async () => (await statusOf(other)) === 401);
    expect(await statusOf(admin)).toBe(200);
    await other.close();
  });

  test('a second factor is set up with the secret of the page, and asked for at the next sign-in', async () => {
    const second = await ConsolePage.signIn(browser, house.url, VISITORS.second, LOOK);
    const { page } = second;
    await second.open('/settings?tab=secondFactor');
    const dialog = await dialogOf(page, 'Set up a second factor');
    await dialog.getByLabel('Password', { exact: true }).fill('a wrong password');
    await dialog.getByRole('button', { name: 'Set up a second factor' }).click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Set up a second factor' }).click();
    await page.getByRole('img', { name: 'QR code for the authenticator' }).waitFor();
    expect(await inaccessible(page)).toEqual([]);
    const secret = await page.locator('ol code').innerText();
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
    await page.getByLabel('Six digits of your authenticator').fill(code);
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('It is on: signing in needs a code').waitFor();
    const again = await page.context().request.post(`${house.url}/v1/session`, { data: VISITORS.second });
    expect([again.status(), ((await again.json()) as { type: string }).type]).toEqual([
      401,
      'urn:hutong:problem:second-factor-required',
    ]);
  });
});
