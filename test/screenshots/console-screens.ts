/** The screens of the web console of which pictures are made: those of its menu, and a page of some things. */
import type { ConsolePage } from '../support/console-page.js';

export interface Screen {
  /** Name of the picture. */
  name: string;
  path: string;
}

/** Every screen that the menu of this visitor leads to: a new screen needs no line here. */
export async function screensOfMenu({ page }: ConsolePage): Promise<Screen[]> {
  const paths = await page.evaluate<string[]>(
    "[...document.querySelectorAll('nav a')].map((link) => link.getAttribute('href'))",
  );
  return [...new Set(paths)].map((path) => ({
    name: path === '/' ? 'overview' : path.slice(1).replaceAll('/', '-'),
    path,
  }));
}

/** @param message native id of a message @param date a closed business day */
export function detailScreens(message: string, date: string): Screen[] {
  return [
    { name: 'message', path: `/find?q=${encodeURIComponent(message)}` },
    { name: 'network', path: '/networks?network=xmpp' },
    { name: 'day', path: `/days?date=${date}` },
  ];
}
