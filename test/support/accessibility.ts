import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** The small one of its two builds: each document compiles it anew. */
const AXE = readFileSync(join('node_modules', 'axe-core', 'axe.min.js'), 'utf8');

export interface Looked {
  /** Only these rules of axe, for example `color-contrast`; otherwise all. */
  rules?: string[];
  /** Only what this CSS selector matches, for example a dialog above a page that was looked at before. */
  within?: string;
}

/** What we read of a finding of axe. */
interface Violation {
  id: string;
  nodes: { html: string; any: { message: string }[] }[];
}

/** @returns rules of accessibility that the page breaks, with the elements and what axe says about them */
export async function inaccessible(page: Page, { rules, within }: Looked = {}): Promise<string[]> {
  // Half a megabyte, which a document needs once.
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(AXE);
  const options = { resultTypes: ['violations'], ...(rules && { runOnly: { type: 'rule', values: rules } }) };
  const where = within === undefined ? 'document' : JSON.stringify(within);
  // What holds, axe describes as well: megabytes that nobody reads.
  const found = await page.evaluate<Violation[]>(
    `axe.run(${where}, ${JSON.stringify(options)}).then(({ violations }) => violations)`,
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, any: [check] }) => `${id}: ${html.slice(0, 200)} ${check?.message ?? ''}`),
  );
}
