import { firstLoads } from './first-load';

const chunk = (imports: string[], dynamicImports: string[] = [], css: string[] = []) => ({
  imports,
  dynamicImports,
  css,
});

it('the first load of a page is the entry, the page and what both need, each file once', () => {
  const chunks = new Map([
    ['entry', chunk(['shared'], ['small', 'large'], ['entry.css'])],
    ['shared', chunk(['entry'])],
    ['small', chunk(['shared'])],
    ['large', chunk(['table', 'shared'], ['later'], ['large.css'])],
    ['table', chunk(['shared'])],
    ['later', chunk([])],
  ]);
  const sizes: Record<string, number> = {
    entry: 1,
    'entry.css': 2,
    shared: 4,
    small: 8,
    large: 16,
    'large.css': 32,
    table: 64,
    later: 128,
  };
  expect(firstLoads(chunks, 'entry', (file) => sizes[file] ?? NaN)).toEqual([
    { page: 'large', bytes: 119 },
    { page: 'small', bytes: 15 },
  ]);
});
