/** nest-cli.json has every app and every library, so that `nest build` and `nest start` know all of them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Project {
  type: 'application' | 'library';
  root: string;
  sourceRoot: string;
  entryFile: string;
}

const { projects, compilerOptions } = JSON.parse(readFileSync('nest-cli.json', 'utf8')) as {
  projects: Record<string, Project>;
  compilerOptions: { tsConfigPath: string };
};

/** Pages for the browser: Vite builds them. */
const PAGES = 'apps/web';

test('it has exactly the folders of apps and libs', () => {
  const folders = ['apps', 'libs']
    .flatMap((kind) => readdirSync(kind).map((name) => `${kind}/${name}`))
    .filter((folder) => folder !== PAGES);
  expect(
    Object.values(projects)
      .map(({ root }) => root)
      .sort(),
  ).toEqual(folders.sort());
});

test.each(Object.entries(projects))(
  '%s: its entry is there, and it is built with all others',
  (name, project) => {
    const { type, root, sourceRoot, entryFile } = project;
    // A library that has the name of an app.
    const folder = type === 'library' ? name.replace(/-lib$/, '') : name;
    expect(root).toBe(`${type === 'application' ? 'apps' : 'libs'}/${folder}`);
    expect(existsSync(join(sourceRoot, `${entryFile}.ts`))).toBe(true);
    const { include } = JSON.parse(readFileSync(compilerOptions.tsConfigPath, 'utf8')) as {
      include: string[];
    };
    expect(include).toContain(root.split('/')[0]);
  },
);
