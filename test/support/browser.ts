import { chromium, type Browser } from 'playwright-core';

/** Without a sandbox, because tests also run as root; without /dev/shm, which is small in containers. */
export const BROWSER_ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];

/** @param program path of Chromium @param more arguments */
export function launchBrowser(program: string | undefined, more: string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: program, args: [...BROWSER_ARGUMENTS, ...more] });
}
