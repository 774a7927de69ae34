/** A network is one folder with the same files in every adapter, and one line in networks.ts (docs/add-a-network.md). */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NETWORKS } from './networks.js';

const ADAPTERS = readdirSync('apps').filter((name) => name.startsWith('adapter-'));

test('every adapter has a manifest in the list, and every manifest has its adapter', () => {
  expect(ADAPTERS.length).toBeGreaterThan(7);
  expect([...new Set(NETWORKS.map(({ app }) => app))].sort()).toEqual(ADAPTERS.sort());
});

test('slugs and ports are of one network each', () => {
  const slugs = NETWORKS.map(({ slug }) => slug);
  expect(new Set(slugs).size).toBe(slugs.length);
  const ports = NETWORKS.flatMap(({ standalone }) => Object.values(standalone?.ports ?? {}));
  expect(new Set(ports).size).toBe(ports.length);
});

describe.each(ADAPTERS)('%s', (adapter) => {
  const network = adapter.replace('adapter-', '');
  const folder = join('apps', adapter);

  test.each(['main.ts', 'network.ts', `${network}.module.ts`, `${network}.config.ts`])(
    'has src/%s',
    (file) => {
      expect(existsSync(join(folder, 'src', file))).toBe(true);
    },
  );

  test('has a page', () => {
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain(`# ${adapter}`);
  });

  test('keeps the contract, in a test of its own', () => {
    const tests = readdirSync(join(folder, 'test')).filter((file) => file.endsWith('.contract.e2e-spec.ts'));
    expect(tests).not.toEqual([]);
  });

  test('main.ts runs its module and does nothing else', () => {
    const lines = readFileSync(join(folder, 'src', 'main.ts'), 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    expect(lines).toHaveLength(3);
    expect(lines.at(-1)).toMatch(new RegExp(`^await runAdapter\\('${adapter}', \\w+Module\\);$`));
  });

  test('its module loads, and has the settings of its manifests', async () => {
    const manifests = NETWORKS.filter(({ app }) => app === adapter);
    const modules = await Promise.all(manifests.map((manifest) => manifest.module()));
    expect(modules.map(({ settings }) => settings)).toEqual(manifests.map(({ settings }) => settings));
  });

  test('its simulator imports nothing of the adapter', () => {
    const simulator = join(folder, 'simulator');
    const files = existsSync(simulator) ? readdirSync(simulator, { recursive: true, encoding: 'utf8' }) : [];
    const imports = files
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => [...readFileSync(join(simulator, file), 'utf8').matchAll(/from '([^']+)'/g)])
      .map(([, from = '']) => from);
    expect(
      imports.filter((from) => /^\.\.\/(\.\.\/)?src\/|#adapter-kit|#official-account/.test(from)),
    ).toEqual([]);
  });
});
