/** The code blocks of docs/join-over-the-bus.md: its commands are run and its examples compared with the schemas, so that neither is outdated. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface CodeBlock {
  /** What stands behind the three backticks: `sh`, or `json` and the name of a schema. */
  language: string;
  name: string;
  text: string;
}

export function blocksOfTheJoinPage(): CodeBlock[] {
  const page = readFileSync(join('docs', 'join-over-the-bus.md'), 'utf8');
  return Array.from(
    page.matchAll(/^```(\w+) ?(\w*)\n(.*?)^```$/gms),
    ([, language = '', name = '', text = '']) => ({
      language,
      name,
      text,
    }),
  );
}
