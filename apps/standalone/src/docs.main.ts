/** `npm run docs`: writes docs/generated and the files of deployment-files.ts from the code. Tests compare them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { helpIfAsked } from '#service/help-option';

helpIfAsked(
  'npm run docs: writes docs/generated, the adapters of docker/compose.yaml and nest-cli.json from the code.\n',
);

// Loaded after the help: they load the whole project.
const { deploymentFiles } = await import('./deployment-files.js');
const { generatedDocuments } = await import('./documents.js');
const { NETWORKS } = await import('./networks.js');

const folder = join('docs', 'generated');
mkdirSync(folder, { recursive: true });
for (const [name, content] of Object.entries(await generatedDocuments())) {
  writeFileSync(join(folder, name), content);
  process.stdout.write(`${join(folder, name)}\n`);
}
for (const [path, content] of Object.entries(deploymentFiles(NETWORKS))) {
  writeFileSync(path, content);
  process.stdout.write(`${path}\n`);
}
