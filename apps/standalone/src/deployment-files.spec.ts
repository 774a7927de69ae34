/** docker/compose.yaml and nest-cli.json follow the manifests and folders; where they do not, run `npm run docs`. */
import { readFileSync } from 'node:fs';
import { deploymentFiles } from './deployment-files.js';
import { NETWORKS } from './networks.js';

test('every adapter is deployed once', () => {
  const deployed = NETWORKS.filter(({ deployment }) => deployment).map(({ app }) => app);
  expect(deployed.sort()).toEqual([...new Set(NETWORKS.map(({ app }) => app))].sort());
});

test.each(Object.entries(deploymentFiles(NETWORKS)))('%s is as npm run docs writes it', (path, content) => {
  expect(readFileSync(path, 'utf8')).toBe(content);
});
