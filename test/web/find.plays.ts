/** An id is a page, messages are searched, a search is saved, and many dead letters are handled at once. */
import type { Page } from 'playwright-core';
import type { ConsolePage } from '../support/console-page.js';
import { HOSTILE, type WebStage } from './stage.js';

const AL = 'im:al@xmpp';
const BO = 'im:bo@matrix';
const FIRST = 'eventFromAlToBo000000000001';
const SECOND = 'eventFromBoToAl000000000002';
const FAILED = 'eventFromAlToBo000000000003';

export function findPlays(stage: () => WebStage): void {
  let admin: ConsolePage;
  let page: Page;

  const step = (id: string, passed: string, from: string, to: string, at: Date, more: object = {}) => {
    const { code, detail, sentAt } = { code: '00', detail: null, sentAt: null, ...more };
    return stage().house.sql(
      `INSERT INTO checkpoint (id, event_id, stage, network, kind, conversation, from_address, to_address, code, detail, at, sent_at)
       VALUES ($1, $2, $3, $4, 'message', 'c', $5, $6, $7, $8, $9, $10)`,
      [`${id}:${passed}`, id, passed, from.split('@')[1], from, to, code, detail, at, sentAt],
    );
  };

  beforeAll(async () => {
    ({ admin } = stage());
    ({ page } = admin);
    const { house } = stage();
    const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);
    await step(FIRST, 'accepted', AL, BO, ago(300), { sentAt: ago(301) });
    await step(FIRST, 'routed', AL, BO, ago(299.9));
    await step(FIRST, 'delivered', AL, BO, ago(299));
    await step(SECOND, 'accepted', BO, AL, ago(200));
    await step(FAILED, 'accepted', AL, BO, ago(100));
    await step(FAILED, 'failed', AL, BO, ago(99), { code: '91', detail: HOSTILE });
    await house.sql(
      `INSERT INTO detail_record (reference, from_network, to_network, class, units, from_party, to_party, business_date)
       VALUES ($1, 'xmpp', 'matrix', 'message', 1, 'a', 'b', '2026-03-01')`,
      [FIRST],
    );
    await house.sql(
      `INSERT INTO rated_record (business_date, reference, to_network, price, switch_fee) VALUES ('2026-03-01', $1, 'matrix', 50000, 1000)`,
      [FIRST],
    );
    await admin.go('/find');
  });

  /** Rows of the table of messages, without its head. */
  const rows = async () => (await page.getByRole('row').count()) - 1;
  /** Filters in the address. The router quotes texts that look like numbers. */
  const search = () =>
    Object.fromEntries(
      [...new URL(page.url()).searchParams].map(([key, value]) => [key, value.replace(/^"(.*)"$/, '$1')]),
    );

  it('the page of a message has its time of sending, its price and its timeline', async () => {
    await admin.go(`/find?q=${FIRST}`);
    await page.getByText('Sent in the network of the sender').waitFor();
    await page.getByText('¥0.05, and ¥0.001 to the exchange (1 unit, 2026-03-01)').waitFor();
    await page.getByText('Routed by its address').waitFor();
    expect(await admin.findings({ within: 'main' })).toEqual([]);
  });

  it('next and previous lead through the conversation', async () => {
    await page.getByRole('link', { name: 'Next in the conversation' }).click();
    await page.getByText(SECOND, { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Next in the conversation' }).click();
    await page.getByText(FAILED, { exact: true }).waitFor();
    expect(await page.getByRole('link', { name: 'Next in the conversation' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Previous in the conversation' }).click();
    await page.getByText(SECOND, { exact: true }).waitFor();
    expect(search()).toEqual({ q: SECOND });
  });

  it('a person of the console leads to their line in the settings', async () => {
    await admin.go('/find?q=first-admin@settings.invalid');
    await page.locator('.hits').getByRole('link').click();
    await page.getByRole('cell', { name: 'first-admin@settings.invalid' }).waitFor();
    expect(search()).toEqual({ tab: 'people', filter: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  });

  it('messages of a person, by keyboard', async () => {
    await admin.go('/find');
    await page.getByLabel('Address of a person').fill(AL);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: FAILED }).waitFor();
    expect(await rows()).toBe(3);
    expect(search()).toEqual({ address: AL });
  });

  it('a time that is none, and a code that is none, are refused where they are entered', async () => {
    await page.getByLabel('Since').fill('yesterday');
    await page.getByLabel('Result code').fill('9x');
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    await page.getByText('Enter 9:00, 2026-11-28 or 2026-11-28 09:00.').waitFor();
    await page.getByText('A result code has two or three digits.').waitFor();
    expect(search()).toEqual({ address: AL });
    expect(await admin.findings({ within: 'main' })).toEqual([]);
  });

  it('failed messages since a time of day; the search stands in the address, and hostile words are text', async () => {
    await page.getByRole('button', { name: 'Failed since 9:00' }).click();
    await page.waitForURL(/failed/);
    expect(search()).toEqual({ failed: 'true', since: '9:00' });
    await admin.go('/find?failed=true&since=2020-01-01&code=91');
    await page.getByRole('link', { name: FAILED }).click();
    await page.getByText(HOSTILE).waitFor();
    expect(await admin.wasHarmed()).toBe(false);
  });

  it('a search is saved under a name, opened, and deleted', async () => {
    await admin.go('/find?failed=true&code=91');
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByLabel('Name for the present filters').fill(HOSTILE);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: HOSTILE }).waitFor();
    expect(await admin.findings({ within: 'main' })).toEqual([]);
    await admin.open('/find');
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('link', { name: HOSTILE }).click();
    await page.getByRole('link', { name: FAILED }).waitFor();
    expect(search()).toEqual({ failed: 'true', code: '91' });
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('button', { name: `Delete “${HOSTILE}”` }).click();
    await page.getByText('There is no saved view of this page yet.', { exact: false }).waitFor();
    await page.keyboard.press('Escape');
  });

  it('every list can be saved, with all filters of its address', async () => {
    await admin.go('/networks?filter=xmpp');
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByLabel('Name for the present filters').fill('mine');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('link', { name: 'mine' }).waitFor();
    await admin.open('/networks');
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('link', { name: 'mine' }).click();
    await page.waitForURL(/filter/);
    expect(search()).toEqual({ filter: 'xmpp' });
  });

  it('many dead letters at once: each has its result, with the reason of a failure', async () => {
    const { session } = stage().house.hub.link;
    for (let n = 0; n < 2; n++) await session?.nc.request('hub.dead.xmpp', HOSTILE);
    await admin.go('/dead-letters');
    await page.getByRole('button', { name: 'Replay all' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Replay' }).click();
    const results = page.getByRole('region', { name: 'Result of each letter' });
    await results.getByText(/^Letter 2: the original of dead letter 2 is no longer on the bus/).waitFor();
    expect(await admin.findings({ within: 'main' })).toEqual([]);
    await page.getByRole('button', { name: 'Close', exact: true }).last().click();
    await page.getByRole('button', { name: 'Discard all' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
    await results.getByText('Letter 2: done').waitFor();
    await page.getByRole('button', { name: 'Close', exact: true }).last().click();
    await page.getByText('No dead letters').waitFor();
  });

  it('on a phone, and in dark colours, the page is as wide as the screen and has enough contrast', async () => {
    await admin.colours('dark');
    for (const path of [`/find?q=${FAILED}`, '/find?failed=true']) {
      await admin.go(path);
      await page.getByText(FAILED, { exact: true }).first().waitFor();
      await admin.asPhone(async () => {
        expect(await admin.findings({ rules: ['color-contrast'] })).toEqual([]);
      });
    }
    await admin.colours('light');
  });
}
