import { menuFor, paletteChoices } from './menu';

describe('menu', () => {
  it('shows what the person may do', () => {
    expect(menuFor(['me:read', 'clearing:read']).map(({ path }) => path)).toEqual(['/days', '/settings']);
    expect(menuFor(['me:read', 'trace:read']).map(({ path }) => path)).toContain('/find');
  });
});

describe('palette', () => {
  const pages = [
    { path: '/', label: 'Overview' },
    { path: '/audit', label: 'Audit' },
  ];

  it('an id is searched first', () => {
    expect(paletteChoices(' 01JABC ', pages, true)).toEqual([
      { kind: 'find', target: '01JABC', label: '01JABC' },
    ]);
  });

  it('the beginning of a page name goes to the page first', () => {
    expect(paletteChoices('aud', pages, true).map(({ kind }) => kind)).toEqual(['go', 'find']);
  });

  it('who may not search is offered pages only', () => {
    expect(paletteChoices('xyz', pages, false)).toEqual([]);
  });
});
