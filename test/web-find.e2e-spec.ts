/** Find in a real browser: an id is a page, messages are searched, a search is saved, and many dead letters are handled at once. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { findChromium } from '#engines';
import { launchBrowser } from './support/browser.js';
import { ConsoleFixture } from './support/console-fixture.js';
import { engineOrSkip } from './support/engines.js';

const PASSWORD = 'a long enough password';
const HOSTILE = '<img src=x onerror="window.harmed=1">';
const AL = 'im:al@xmpp';
const BO = 'im:bo@matrix';
const FIRST = 'eventFromAlToBo000000000001';
const SECOND = 'eventFromBoToAl000000000002';
const FAILED = 'eventFromAlToBo000000000003';

const program = await engineOrSkip('Chromium', findChromium);
const inBrowser = program ? describe : describe.skip;

inBrowser('find', () => {
  let console: ConsoleFixture;
  let browser: Browser;
  let page: Page;

  const step = (id: string, stage: string, from: string, to: string, at: Date, more: object = {}) => {
    const { code, detail, sentAt } = { code: '00', detail: null, sentAt: null, ...more };
    return console.sql(
      `INSERT INTO checkpoint (id, event_id, stage, network, kind, conversation, from_address, to_address, code, detail, at, sent_at)
       VALUES ($1, $2, $3, $4, 'message', 'c', $5, $6, $7, $8, $9, $10)`,
      [`${id}:${stage}`, id, stage, from.split('@')[1], from, to, code, detail, at, sentAt],
    );
  };

  beforeAll(async () => {
    console = await ConsoleFixture.open(undefined, { ADMIN_PASSWORD: PASSWORD });
    const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);
    await step(FIRST, 'accepted', AL, BO, ago(300), { sentAt: ago(301) });
    await step(FIRST, 'routed', AL, BO, ago(299.9));
    await step(FIRST, 'delivered', AL, BO, ago(299));
    await step(SECOND, 'accepted', BO, AL, ago(200));
    await step(FAILED, 'accepted', AL, BO, ago(100));
    await step(FAILED, 'failed', AL, BO, ago(99), { code: '91', detail: HOSTILE });
    await console.sql(
      `INSERT INTO detail_record (reference, from_network, to_network, class, units, from_party, to_party, business_date)
       VALUES ($1, 'xmpp', 'matrix', 'message', 1, 'a', 'b', '2026-03-01')`,
      [FIRST],
    );
    await console.sql(
      `INSERT INTO rated_record (business_date, reference, to_network, price, switch_fee) VALUES ('2026-03-01', $1, 'matrix', 50000, 1000)`,
      [FIRST],
    );
    browser = await launchBrowser(program?.chromium);
    const context = await browser.newContext({
      locale: 'en-GB',
      viewport: { width: 1280, height: 900 },
      // Colours are judged as they are in the end.
      reducedMotion: 'reduce',
    });
    page = await context.newPage();
    await page.goto(`${console.url}/find`);
    await page.getByLabel('Name or mail address').fill('first-admin');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.locator('form').getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { level: 1, name: 'Find' }).waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await console?.close();
  });

  async function findings(): Promise<string[]> {
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  }
  /** Rows of the table of messages, without its head. */
  const rows = async () => (await page.getByRole('row').count()) - 1;
  /** Filters in the address. The router quotes texts that look like numbers. */
  const search = () =>
    Object.fromEntries(
      [...new URL(page.url()).searchParams].map(([key, value]) => [key, value.replace(/^"(.*)"$/, '$1')]),
    );

  it('the page of a message has its time of sending, its price and its timeline', async () => {
    await page.goto(`${console.url}/find?q=${FIRST}`);
    await page.getByText('Sent in the network of the sender').waitFor();
    await page.getByText('¥0.05, and ¥0.001 to the exchange (1 unit, 2026-03-01)').waitFor();
    await page.getByText('Routed by its address; nothing was degraded').waitFor();
    expect(await findings()).toEqual([]);
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

  it('messages of a person, by keyboard', async () => {
    await page.goto(`${console.url}/find`);
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
    expect(await findings()).toEqual([]);
  });

  it('failed messages since a time of day; the search stands in the address, and hostile words are text', async () => {
    await page.getByRole('button', { name: 'Failed since 9:00' }).click();
    await page.waitForURL(/failed/);
    expect(search()).toEqual({ failed: 'true', since: '9:00' });
    await page.goto(`${console.url}/find?failed=true&since=2020-01-01&code=91`);
    await page.getByRole('link', { name: FAILED }).click();
    await page.getByText(HOSTILE).waitFor();
    expect(await page.evaluate<boolean>("'harmed' in window")).toBe(false);
  });

  it('a search is saved under a name, opened, and deleted', async () => {
    await page.goto(`${console.url}/find?failed=true&code=91`);
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByLabel('Name for the present filters').fill(HOSTILE);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: HOSTILE }).waitFor();
    expect(await findings()).toEqual([]);
    await page.goto(`${console.url}/find`);
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
    await page.goto(`${console.url}/networks?filter=xmpp`);
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByLabel('Name for the present filters').fill('mine');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('link', { name: 'mine' }).waitFor();
    await page.goto(`${console.url}/networks`);
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('link', { name: 'mine' }).click();
    await page.waitForURL(/filter/);
    expect(search()).toEqual({ filter: 'xmpp' });
  });

  it('many dead letters at once: each has its result, with the reason of a failure', async () => {
    const { session } = console.hub.link;
    for (let n = 0; n < 2; n++) await session?.nc.request('hub.dead.xmpp', HOSTILE);
    await page.goto(`${console.url}/dead-letters`);
    await page.getByRole('button', { name: 'Replay all' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Replay' }).click();
    const results = page.getByRole('region', { name: 'Result of each letter' });
    await results.getByText(/^Letter 2: the original of dead letter 2 is no longer on the bus/).waitFor();
    expect(await findings()).toEqual([]);
    await page.getByRole('button', { name: 'Close', exact: true }).last().click();
    await page.getByRole('button', { name: 'Discard all' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
    await results.getByText('Letter 2: done').waitFor();
    await page.getByRole('button', { name: 'Close', exact: true }).last().click();
    await page.getByText('No dead letters').waitFor();
  });

  it('on a phone, and in dark colours, the page is as wide as the screen and accessible', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 390, height: 800 });
    for (const path of [`/find?q=${FAILED}`, '/find?failed=true']) {
      await page.goto(`${console.url}${path}`);
      await page.getByText(FAILED, { exact: true }).first().waitFor();
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
      expect(await findings()).toEqual([]);
    }
  });
});
