/** An operator's day: reads, saves and confirms a statement, compares own records, disputes one. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { closeDay } from '#clearing-store';
import { ConsoleFixture } from '../support/console-fixture.js';
import { ConsolePage } from '../support/console-page.js';
import { FIRST, givePasswords, visitorOf, type Stage } from './stage.js';

const DATE = '2026-03-01';
const COMPANY = '北京神州泰岳软件股份有限公司';

export function moneyPlays(stage: () => Pick<Stage, 'browser'>): void {
  let house: ConsoleFixture;
  let operator: ConsolePage;
  let page: Page;

  beforeAll(async () => {
    house = await ConsoleFixture.of(['fetion', 'wechat']);
    await givePasswords(house);
    await house.sql(
      `INSERT INTO operator (id, name, contact, legal_name_zh, created_at) VALUES ('feinno', 'Feinno', 'noc', $1, now())`,
      [COMPANY],
    );
    await house.sql(`UPDATE network SET operator = 'feinno' WHERE slug = 'fetion'`);
    await house.sql(
      `INSERT INTO tariff VALUES (gen_random_uuid(), '*', '*', 'message', '2020-01-01', 1000000, 100000, NULL, '[]', now())`,
    );
    await house.sql(
      `INSERT INTO detail_record (reference, from_network, to_network, class, units, accepted_at, routed_seq, outcome, code,
         ended_at, outcome_seq, from_party, to_party, business_date)
       SELECT 'message-' || n, 'fetion', 'wechat', 'message', 1, now(), n, 'delivered', '00', now(), n, 'a', 'b', $1::date
       FROM generate_series(1, 5) n`,
      [DATE],
    );
    await closeDay(house.database, DATE, { adjustmentsBefore: new Date(`${DATE}T15:00:00Z`) });
    const visitor = await visitorOf(house, house.operators['fetion'] ?? '');
    operator = await ConsolePage.signIn(stage().browser, house.url, visitor);
    ({ page } = operator);
    await operator.open('/days');
  });
  afterAll(async () => {
    await operator?.close();
    await house?.close();
  });

  it('a day shows its payments as a picture', async () => {
    await page.getByRole('link', { name: DATE, exact: true }).click();
    await page.getByRole('img', { name: /payments from payers/ }).waitFor();
    await page.getByRole('link', { name: 'Read the statement of fetion' }).waitFor();
    expect(await page.getByRole('link', { name: 'Read the statement of wechat' }).count()).toBe(0);
    expect(await operator.findings({ within: 'main' })).toEqual([]);
    await operator.fitsPhone();
  });

  it('its statement is read, saved as PDF and confirmed', async () => {
    await page.getByRole('link', { name: 'Read the statement of fetion' }).click();
    await page.getByRole('heading', { level: 1, name: 'Statement HT20260301-fetion' }).waitFor();
    await page.getByText(COMPANY).waitFor();
    expect(await operator.findings({ within: 'main' })).toEqual([]);
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
    const confirmed = await house.sql('SELECT network, position FROM confirmation');
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
    expect(await operator.findings({ within: 'main' })).toEqual([]);
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
    expect(await operator.findings({ within: 'main' })).toEqual([]);
    const disputes = await house.sql('SELECT claimant, amount FROM dispute');
    expect(disputes).toEqual([{ claimant: 'fetion', amount: '500000' }]);
  });

  it('its payment is proposed by one admin, and shown when the other one has approved it', async () => {
    const admin = operator;
    await admin.become(FIRST);
    await admin.open(`/days?date=${DATE}`);
    await admin.page.getByRole('button', { name: 'Record a payment of fetion' }).click();
    const dialog = admin.dialog();
    expect(await dialog.getByLabel('Amount').inputValue()).toBe('-5.5');
    await dialog.getByLabel('Booked on').fill('2026-03-05');
    await dialog.getByLabel('Reference of the bank').fill('ICBC 7');
    await dialog.getByLabel('Reason').fill('on the account statement');
    await dialog.getByRole('button', { name: 'Propose' }).click();
    await dialog.waitFor({ state: 'detached' });
    const [change] = await house.sql<{ id: string }>(
      `SELECT id FROM change_request WHERE kind = 'payment.record'`,
    );
    expect(await house.approve(change?.id ?? '')).toMatchObject({ body: { state: 'applied' } });
    await admin.reload();
    await admin.page.getByRole('cell', { name: 'ICBC 7' }).waitFor();
    expect(await admin.findings({ within: 'main' })).toEqual([]);
  });
}
