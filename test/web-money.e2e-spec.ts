/** An operator's day in the web console: reads, saves and confirms a statement, compares own records, disputes one. */
import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { closeDay } from '#clearing-store';
import { findChromium } from '#engines';
import { launchBrowser } from './support/browser.js';
import { ConsoleFixture } from './support/console-fixture.js';
import { engineOrSkip } from './support/engines.js';

const DATE = '2026-03-01';
const PASSWORD = 'a long enough password';
const COMPANY = '北京神州泰岳软件股份有限公司';

const program = await engineOrSkip('Chromium', findChromium);
const inBrowser = program ? describe : describe.skip;

inBrowser('money in the web console', () => {
  let hub: ConsoleFixture;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    hub = await ConsoleFixture.of(['fetion', 'wechat']);
    await hub.sql(
      `INSERT INTO operator (id, name, contact, legal_name_zh, created_at) VALUES ('feinno', 'Feinno', 'noc', $1, now())`,
      [COMPANY],
    );
    await hub.sql(`UPDATE network SET operator = 'feinno' WHERE slug = 'fetion'`);
    await hub.sql(
      `INSERT INTO tariff VALUES (gen_random_uuid(), '*', '*', 'message', '2020-01-01', 1000000, 100000, NULL, '[]', now())`,
    );
    await hub.sql(
      `INSERT INTO detail_record (reference, from_network, to_network, class, units, accepted_at, routed_seq, outcome, code,
         ended_at, outcome_seq, from_party, to_party, business_date)
       SELECT 'message-' || n, 'fetion', 'wechat', 'message', 1, now(), n, 'delivered', '00', now(), n, 'a', 'b', $1::date
       FROM generate_series(1, 5) n`,
      [DATE],
    );
    await closeDay(hub.database, DATE, { adjustmentsBefore: new Date(`${DATE}T15:00:00Z`) });
    const key = hub.operators['fetion'] ?? '';
    await hub.call(key, 'PUT', '/v1/me/password', { password: PASSWORD });
    const { body } = await hub.call<{ person: { mail: string } }>(key, 'GET', '/v1/me');
    browser = await launchBrowser(program?.chromium);
    const context = await browser.newContext({
      locale: 'en-GB',
      viewport: { width: 1280, height: 900 },
      // A click or a measure of contrast in the middle of an animation says nothing about the page.
      reducedMotion: 'reduce',
    });
    page = await context.newPage();
    await page.goto(`${hub.url}/days`);
    await page.getByLabel('Name or mail address').fill(body.person.mail);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.locator('form').getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { level: 1, name: 'Business days' }).waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await hub?.close();
  });

  async function findings(): Promise<string[]> {
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  }

  it('a day shows its payments as a picture', async () => {
    await page.getByRole('link', { name: DATE, exact: true }).click();
    await page.getByRole('img', { name: /payments from payers/ }).waitFor();
    await page.getByRole('link', { name: 'Read the statement of fetion' }).waitFor();
    expect(await page.getByRole('link', { name: 'Read the statement of wechat' }).count()).toBe(0);
    expect(await findings()).toEqual([]);
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  it('its statement is read, saved as PDF and confirmed', async () => {
    await page.getByRole('link', { name: 'Read the statement of fetion' }).click();
    await page.getByRole('heading', { level: 1, name: 'Statement HT20260301-fetion' }).waitFor();
    await page.getByText(COMPANY).waitFor();
    expect(await findings()).toEqual([]);
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Save the statement of fetion as PDF' }).click(),
    ]);
    expect(
      readFileSync(await saved.path())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
    await page.getByRole('button', { name: 'Confirm the statement' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('−¥5.50').waitFor();
    await dialog.getByRole('button', { name: 'Confirm the statement' }).click();
    await page.getByText(/^Confirmed at/).waitFor();
    const confirmed = await hub.sql('SELECT network, position FROM confirmation');
    expect(confirmed).toEqual([{ network: 'fetion', position: '-5500000' }]);
  });

  it('own records that differ in one price have one difference', async () => {
    const own = [1, 2, 3, 4, 5].map((n) => `message-${n},wechat,${n === 3 ? '0.5' : '1'}`);
    const buffer = Buffer.from(['reference,to,price', ...own].join('\n'));
    await page
      .getByLabel('Own records', { exact: true })
      .setInputFiles({ name: 'own.csv', mimeType: 'text/csv', buffer });
    await page.getByText('1 difference was found.').waitFor();
    await page.getByRole('cell', { name: 'message-3' }).waitFor();
    expect(await findings()).toEqual([]);
  });

  it('the differing record becomes a dispute with a deadline', async () => {
    await page.getByRole('link', { name: 'Dispute it' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByLabel('Reference of the record').inputValue()).toBe('message-3');
    await dialog.getByLabel('Kind').click();
    await page.getByTitle(/^Spoofed sender/).click();
    await dialog.getByLabel('Amount in yuan').fill('0.5');
    await dialog.getByLabel('Text').fill('The sender is not ours.');
    await dialog.getByLabel('SHA-256 of the event').fill('0'.repeat(64));
    await dialog.getByRole('button', { name: 'Open a dispute' }).click();
    await page.getByRole('heading', { level: 1, name: 'Dispute of message-3' }).waitFor();
    await page.getByText(/^Next: Claimant, by/).waitFor();
    expect(await findings()).toEqual([]);
    const disputes = await hub.sql('SELECT claimant, amount FROM dispute');
    expect(disputes).toEqual([{ claimant: 'fetion', amount: '500000' }]);
  });
});
