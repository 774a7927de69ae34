/** Somebody at the web console, in a browser. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

export interface Visitor {
  user: string;
  password: string;
}

export class ConsolePage {
  private constructor(
    private readonly context: BrowserContext,
    readonly page: Page,
    private readonly url: string,
  ) {}

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
    // The first of those that are left, until none is left.
    await this.page.locator('.loading').first().waitFor({ state: 'detached' });
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
}
