/** `npm run docs`: writes docs/generated from the code. A test compares them (documents.int-spec.ts). */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { helpIfAsked } from '#service';
import { generatedDocuments } from './documents.js';

helpIfAsked('npm run docs: writes docs/generated from the code.\n');

const folder = join('docs', 'generated');
mkdirSync(folder, { recursive: true });
for (const [name, content] of Object.entries(await generatedDocuments())) {
  writeFileSync(join(folder, name), content);
  process.stdout.write(`${join(folder, name)}\n`);
}
