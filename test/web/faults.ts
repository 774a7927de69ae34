import type { ConsolePage } from '../support/console-page.js';

/** What is wrong with a page, or a dialog on it, for people with other means than eyes and mouse, or with a phone. */
export async function faultsOf(
  person: ConsolePage,
  within: 'main' | '[role=dialog]' = 'main',
): Promise<string[]> {
  const found = await person.findings({ within });
  await person.fitsPhone();
  if (await person.wasHarmed()) found.push('a text was executed');
  return found;
}
