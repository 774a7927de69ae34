// A network is one folder: its slug stands in apps/adapter-<network> and in the list that composes the system, and in no
// identifier, string or path of any other source. `npm run lint` runs this; it prints each place and fails.
// Not searched: comments, tests, examples (and what documents show as `examples`), and the exceptions of this file.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const COMPOSING_LIST = 'apps/standalone/src/networks.ts';
const FOLDERS = ['apps', 'libs', 'scripts', 'types'];
const SOURCE = /\.(ts|mjs)$/;
const TESTS = /\.(int-|e2e-)?spec\.ts$|\/(test|testing|fixtures)\/|^libs\/adapter-contract\//;
const EXAMPLES = /\/example-[\w-]+\.ts$/;
const SHOWN_AS_EXAMPLE = new Set(['example', 'examples', 'placeholder']);

/** Names that are not those of our networks: standards, packages, constants of a protocol. By slug: file -> reason. */
const EXCEPTIONS = JSON.parse(readFileSync('scripts/network-name-exceptions.json', 'utf8'));

/** Folders, and slugs with the folder that owns them. A slug that is an English word is looked for in the name of its folder only. */
function slugs() {
  return readdirSync('apps')
    .filter((name) => existsSync(join('apps', name, 'src', 'network.ts')))
    .flatMap((name) => {
      const manifests = readFileSync(join('apps', name, 'src', 'network.ts'), 'utf8');
      const own = [...manifests.matchAll(/^ {2}slug: '([a-z0-9-]+)',$(\n {2}slugIsAWord: true,$)?/gm)];
      if (own.length === 0)
        throw new Error(`apps/${name}/src/network.ts: no line "  slug: '...'," was found`);
      const patterns = [
        [name, new RegExp(`${name}\\b`)],
        ...own.filter(([, , isAWord]) => !isAWord).map(([, slug]) => [slug, new RegExp(slug, 'i')]),
      ];
      return patterns.map(([slug, pattern]) => ({ slug, pattern, folder: `apps/${name}/` }));
    });
}

function sources() {
  return FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  ).filter(
    (file) => SOURCE.test(file) && !TESTS.test(file) && !EXAMPLES.test(file) && file !== COMPOSING_LIST,
  );
}

/** @returns identifiers, strings and paths in the code of a file, with their lines */
function names(file) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found = [];
  const visit = (node) => {
    if (ts.isPropertyAssignment(node) && SHOWN_AS_EXAMPLE.has(node.name.getText())) return;
    if (ts.isIdentifier(node) || ts.isLiteralExpression(node) || ts.isTemplateLiteralToken(node))
      found.push({ text: node.text, line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1 });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const all = slugs();
const unused = new Set(
  Object.entries(EXCEPTIONS).flatMap(([slug, files]) => Object.keys(files).map((file) => `${slug} ${file}`)),
);
const places = [];
for (const file of sources()) {
  const foreign = all.filter(({ folder }) => !file.startsWith(folder));
  for (const { text, line } of names(file))
    for (const { slug } of foreign.filter(({ pattern }) => pattern.test(text))) {
      if (EXCEPTIONS[slug]?.[file]) unused.delete(`${slug} ${file}`);
      else places.push(`${file}:${line}: "${slug}" in ${JSON.stringify(text.slice(0, 60))}`);
    }
}
for (const exception of unused)
  places.push(`scripts/network-name-exceptions.json: nothing needs "${exception}" any more`);
if (places.length > 0) {
  process.stderr.write(
    `${places.join('\n')}\nA network is named in its folder only (docs/add-a-network.md).\n`,
  );
  process.exit(1);
}
