/** A network is one folder with the same files in every adapter, and one line in networks.ts (docs/add-a-network.md). */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
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

  test('has a wire, two translators and a table of errors, or is a profile of a shared adapter', () => {
    const files = readdirSync(join(folder, 'src'));
    if (files.includes(`${network}.profile.ts`)) {
      const profile = readFileSync(join(folder, 'src', `${network}.profile.ts`), 'utf8');
      expect(profile).toMatch(/from '#[a-z-]+'/);
      return;
    }
    expect(files).toEqual(
      expect.arrayContaining([
        `${network}.adapter.ts`,
        'to-canonical.ts',
        'from-canonical.ts',
        `${network}.errors.ts`,
      ]),
    );
    const wires = [`${network}.connection.ts`, `${network}.client.ts`, `${network}.webhook.ts`];
    expect(files.filter((file) => wires.includes(file))).not.toEqual([]);
  });

  test('its translators are pure: no bus, no wire, no timer', () => {
    const translators = ['to-canonical.ts', 'from-canonical.ts']
      .map((file) => join(folder, 'src', file))
      .filter((file) => existsSync(file));
    for (const file of translators) {
      const code = readFileSync(file, 'utf8');
      const values = [...code.matchAll(/^import (?!type\b)[^;]*? from '([^']+)';/gms)].map(
        ([, from]) => from,
      );
      expect(
        values.filter((from) => /\.(adapter|client|connection|webhook)\.js$|#bus/.test(from ?? '')),
      ).toEqual([]);
      expect(code).not.toMatch(/\b(setTimeout|setInterval|fetch)\(|\bawait\b/);
    }
  });

  test('its file names say what is inside', () => {
    const vague =
      /^(house|halves|knowledge|short|given|must|workshop|party|pieces|helpers?|utils?|misc|manager|common)\b/;
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => basename(path));
    expect(files.filter((file) => vague.test(file))).toEqual([]);
  });

  test('has a page', () => {
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain(`# ${adapter}`);
  });

  test('keeps the contract, in a test of its own', () => {
    const tests = readdirSync(join(folder, 'test')).filter((file) => file.endsWith('.contract.e2e-spec.ts'));
    expect(tests).not.toEqual([]);
  });

  test('holds nobody up while a lookup for somebody else is slow, in a test of its own', () => {
    const test = readFileSync(join(folder, 'test', 'isolation.spec.ts'), 'utf8');
    expect(test).toContain('isolatesConversations(');
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
