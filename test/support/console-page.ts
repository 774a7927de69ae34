/** Somebody at the web console, in a browser. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';

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

  /** A browser of their own, in which they are signed in. @param look among others the language, as `locale` */
  static async signIn(
    browser: Browser,
    url: string,
    visitor: Visitor,
    look: BrowserContextOptions = { locale: 'en-GB' },
  ): Promise<ConsolePage> {
    const context = await browser.newContext(look);
    const answer = await context.request.post(`${url}/v1/session`, { data: visitor });
    if (!answer.ok()) throw new Error(`sign-in of ${visitor.user}: ${answer.status()}`);
    return new ConsolePage(context, await context.newPage(), url);
  }

  /** Opens a screen. @returns when it shows what it asked for */
  async open(path: string): Promise<void> {
    await this.page.goto(this.url + path);
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
  async findings(rules?: string[]): Promise<string[]> {
    const builder = new AxeBuilder({ page: this.page }).setLegacyMode(true);
    const { violations } = await (rules ? builder.withRules(rules) : builder).analyze();
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, any: [check] }) => `${id}: ${html.slice(0, 200)} ${check?.message ?? ''}`),
    );
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
    return this.page.getByRole('navigation', { name: 'Menu' }).getByRole('link');
  }
}
