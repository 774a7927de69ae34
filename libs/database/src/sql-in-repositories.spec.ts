/** Reads the sources of all apps and libraries but adapters, which have no database: SQL stands in `*.repository.ts` and in migrations alone. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const MAY_HAVE_SQL = /\.repository\.ts$|\/migrations\/|spec\.ts$/;
/** A call that runs a statement, or text of one. */
const SQL =
  /\.query\s*(<[^;]*?>)?\(|\bcreateQueryBuilder\(|\b(SELECT|DELETE FROM|INSERT INTO) [\w*'"$({]|\bUPDATE \w+ SET\b/;

const SOURCES = ['apps', 'libs'].flatMap((root) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /(^|\/)src\/.*\.ts$/.test(file))
    .map((file) => join(root, file))
    .filter((path) => !path.startsWith('apps/adapter-')),
);

/** Without comments, which may describe a statement. */
function codeOf(path: string): string {
  return readFileSync(path, 'utf8').replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');
}

test('no SQL stands outside repositories and migrations', () => {
  const found = SOURCES.filter((path) => !MAY_HAVE_SQL.test(path) && SQL.test(codeOf(path)));
  expect(found).toEqual([]);
});

test('the walk reads the repositories, and finds SQL in each of them that has any', () => {
  const repositories = SOURCES.filter((path) => path.endsWith('.repository.ts'));
  expect(repositories.length).toBeGreaterThan(30);
  const withSql = repositories.filter((path) => SQL.test(codeOf(path)));
  expect(withSql.length).toBeGreaterThan(repositories.length - 6);
});

test.each([
  "manager.query<Row[]>('SELECT 1')",
  'const sql = `SELECT ${COLUMNS} FROM network`;',
  'rows.createQueryBuilder()',
  "'INSERT INTO audit (seq) VALUES ($1)'",
  "'UPDATE network SET name = $1'",
])('%s is SQL', (text) => {
  expect(SQL.test(text)).toBe(true);
});
