/** Somebody at the web console, in a browser. */
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { inaccessible, type Looked } from './accessibility.js';
import { until } from './until.js';

export const DESK = { width: 1280, height: 900 };
export const PHONE = { width: 390, height: 800 };
/** A phone, used by touch. */
export const IN_HAND: BrowserContextOptions = { viewport: PHONE, hasTouch: true, isMobile: true };
/** In English, and without animations: a click or a measure of contrast in the middle of one says nothing about the page. */
const LOOK: BrowserContextOptions = { locale: 'en-GB', viewport: DESK, reducedMotion: 'reduce' };

export interface Visitor {
  user: string;
  password: string;
}

export class ConsolePage {
  /** Requests that the console refused because the role does not allow them. */
  readonly forbidden: string[] = [];

  private constructor(
    private readonly context: BrowserContext,
    readonly page: Page,
    private readonly url: string,
  ) {
    page.on('response', (response) => {
      if (response.status() === 403)
        this.forbidden.push(`${response.request().method()} ${new URL(response.url()).pathname}`);
    });
  }

  /** A browser of their own, in which nobody is signed in. @param look among others the language, as `locale` */
  static async visit(browser: Browser, url: string, look: BrowserContextOptions = {}): Promise<ConsolePage> {
    const context = await browser.newContext({ ...LOOK, ...look });
    return new ConsolePage(context, await context.newPage(), url);
  }

  /** A browser of their own, in which they are signed in. */
  static async signIn(
    browser: Browser,
    url: string,
    visitor: Visitor,
    look: BrowserContextOptions = {},
  ): Promise<ConsolePage> {
    const person = await ConsolePage.visit(browser, url, look);
    await person.become(visitor);
    return person;
  }

  /**
   * Somebody else signs in with the same browser, which has the files of the console: another browser costs 3 s of CPU time, and is
   * for people who act at the same time. Open a page afterwards.
   */
  async become(visitor: Visitor): Promise<void> {
    await this.leave();
    const answer = await this.context.request.post(`${this.url}/v1/session`, { data: visitor });
    if (!answer.ok()) throw new Error(`sign-in of ${visitor.user}: ${answer.status()}`);
  }

  /** Nobody is signed in any more, neither here nor elsewhere. */
  leave(): Promise<void> {
    return this.context.clearCookies();
  }

  /** Another window of the same browser. @param page one that is open; otherwise a new one */
  async window(page?: Page): Promise<ConsolePage> {
    return new ConsolePage(this.context, page ?? (await this.context.newPage()), this.url);
  }

  /**
   * Loads the console at an address, with everything anew. `go` costs a quarter of it.
   * @returns when the screen shows what it asked for
   */
  async open(path: string): Promise<void> {
    await this.page.goto(this.url + path);
    await this.page.getByRole('heading', { level: 1 }).waitFor();
    await this.loaded();
  }

  /**
   * Goes to an address as by a link of the page, without loading the console again. Answers of the last five seconds are not
   * asked for again, unless an event of the console says that they changed. In a window that shows nothing yet it is `open`.
   */
  async go(path: string): Promise<void> {
    if (!this.page.url().startsWith(this.url)) return this.open(path);
    await this.page.evaluate(`history.pushState(null, '', ${JSON.stringify(path)})`);
    const { pathname } = new URL(this.url + path);
    // On a phone the menu is hidden.
    await this.page
      .locator(`.nav-link[aria-current=page][href="${pathname}"]`)
      .waitFor({ state: 'attached' });
    await this.page.getByRole('heading', { level: 1 }).waitFor();
    await this.loaded();
  }

  /** Opens the screen of a menu entry. */
  async enter(name: string): Promise<void> {
    await this.entries()
      .and(this.page.getByRole('link', { name, exact: true }))
      .click();
    await this.page.locator('.nav-link[aria-current=page]', { hasText: name }).waitFor();
    await this.page.getByRole('heading', { level: 1 }).waitFor();
    await this.loaded();
  }

  /** Opens a part of the screen, by its tab. */
  async part(name: string): Promise<void> {
    const tab = this.page
      .getByRole('navigation', { name: 'Parts of this page' })
      .getByRole('link', { name, exact: true });
    await tab.click();
    await tab.and(this.page.locator('[aria-current=page]')).waitFor();
    await this.loaded();
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.loaded();
  }

  /** Names of the menu entries that this person sees. */
  menu(): Promise<string[]> {
    return this.entries().allInnerTexts();
  }

  dialog(): Locator {
    return this.page.getByRole('dialog');
  }

  /** Chooses an option of a list in a dialog, by keyboard. */
  async choose(label: string, option: string): Promise<void> {
    const input = this.dialog().getByLabel(label, { exact: true });
    await input.fill(option);
    await this.page
      .locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option-active', {
        hasText: option,
      })
      .waitFor();
    await input.press('Enter');
  }

  /** Presses a button of a change and gives a reason. */
  async decide(panel: Locator, step: string, reason: string): Promise<void> {
    await panel.getByRole('button', { name: step, exact: true }).click();
    await this.dialog().getByLabel('Reason').fill(reason);
    await this.dialog().getByRole('button', { name: step, exact: true }).click();
    await this.dialog().waitFor({ state: 'detached' });
  }

  /** @returns rules of accessibility that the page breaks, with the elements */
  findings(looked?: Looked): Promise<string[]> {
    return inaccessible(this.page, looked);
  }

  /** The same of the open dialog alone, above a screen that was looked at without it. */
  findingsInDialog(): Promise<string[]> {
    return this.findings({ within: '[role=dialog]' });
  }

  /** Makes the window as narrow as a phone. @returns when the page is no wider, and the window is as before */
  fitsPhone(): Promise<void> {
    return this.asPhone(() => Promise.resolve());
  }

  /** In a window that is as narrow as a phone, which the page fits in the end. */
  async asPhone(play: () => Promise<void>): Promise<void> {
    await this.page.setViewportSize(PHONE);
    await play();
    await this.isAsNarrow();
    await this.page.setViewportSize(DESK);
  }

  /** @returns when the page is no wider than a phone, which is how wide the window is */
  async isAsNarrow(): Promise<void> {
    // The page arranges itself anew after it was resized.
    const width = () => this.page.evaluate<number>('document.documentElement.scrollWidth');
    await until(`${this.page.url()} fits a phone`, async () => (await width()) <= PHONE.width);
  }

  /** On a phone: opens the menu. @returns names of its entries */
  async tapMenu(): Promise<string[]> {
    await this.page.getByRole('button', { name: 'Menu' }).tap();
    await this.dialog().getByRole('link').first().waitFor();
    return this.dialog().getByRole('link').allInnerTexts();
  }

  /** On a phone with the menu open: opens the screen of an entry, which the page does not show yet. */
  async tapEntry(name: string): Promise<void> {
    await this.dialog().getByRole('link', { name, exact: true }).tap();
    await this.dialog().waitFor({ state: 'detached' });
    await this.page.getByRole('heading', { level: 1 }).waitFor();
    await this.loaded();
  }

  /** Whether a hostile text was executed: each of them sets this. */
  wasHarmed(): Promise<boolean> {
    return this.page.evaluate<boolean>("'harmed' in window");
  }

  /** HTTP status of a request for who is signed in: 401 if nobody is. */
  async statusOfSession(): Promise<number> {
    return (await this.context.request.get(`${this.url}/v1/me`)).status();
  }

  /** Presses a button that opens a dialog. */
  async openDialog(button: string): Promise<Locator> {
    await this.page.getByRole('button', { name: button, exact: true }).first().click();
    await this.dialog().waitFor();
    return this.dialog();
  }

  async colours(scheme: 'light' | 'dark'): Promise<void> {
    await this.page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await this.page.locator(`html[style*="color-scheme: ${scheme}"]`).waitFor({ state: 'attached' });
  }

  /** On the screen for finding things. @returns when its address has the text and it shows what was found */
  async find(text: string): Promise<void> {
    await this.page.locator('.find-form input').fill(text);
    await this.page.keyboard.press('Enter');
    await this.page.waitForURL((url) => url.searchParams.get('q') === text);
    await this.page.locator('.loading').waitFor({ state: 'detached' });
  }

  async close(): Promise<void> {
    await this.context.close();
  }

  private async loaded(): Promise<void> {
    await this.page.locator('.loading').first().waitFor({ state: 'detached' });
  }

  private entries(): Locator {
    // Its name is in the language of the page.
    return this.page.locator('nav.nav').getByRole('link');
  }
}
