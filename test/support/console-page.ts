/** A person at the web console, in a real browser. */
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'];

export function openBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ARGUMENTS });
}

export class ConsolePage {
  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    private readonly url: string,
  ) {}

  /** In a browser of its own language: English. */
  static async open(browser: Browser, url: string): Promise<ConsolePage> {
    const context = await browser.newContext({
      locale: 'en-GB',
      viewport: { width: 1280, height: 900 },
      // A measure of contrast in the middle of an animation says nothing about the page.
      reducedMotion: 'reduce',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    return new ConsolePage(context, await context.newPage(), url);
  }

  async goto(path: string): Promise<void> {
    await this.page.goto(this.url + path);
    await this.settled();
  }

  async signIn(user: string, password: string, path = '/'): Promise<void> {
    await this.page.goto(this.url + path);
    await this.page.getByLabel('Name or mail address').fill(user);
    await this.page.getByLabel('Password', { exact: true }).fill(password);
    await this.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await this.page.getByRole('button', { name: 'Account and display' }).waitFor();
    await this.settled();
  }

  /** What was on its way has arrived. */
  async settled(): Promise<void> {
    await this.page.locator('.loading').first().waitFor({ state: 'detached' });
  }

  async dialog(press: string): Promise<ReturnType<Page['getByRole']>> {
    await this.page.getByRole('button', { name: press, exact: true }).first().click();
    const dialog = this.page.getByRole('dialog');
    await dialog.waitFor();
    return dialog;
  }

  /** @returns rules of accessibility that the page breaks, with the elements */
  async findings(): Promise<string[]> {
    const { violations } = await new AxeBuilder({ page: this.page }).setLegacyMode(true).analyze();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  }
}
