import { exportAddress, filtersOf, nameOf } from './filters';

describe('filters of the audit log', () => {
  it('an actor is shown by name', () => {
    expect(nameOf('admin 0194f3a2-7c1e-7b60-9d53-2f8e4c6a1b90 Zhang Wei')).toBe('Zhang Wei');
    expect(nameOf('hub')).toBe('hub');
  });

  it('what is empty, and the page, is no filter', () => {
    expect(filtersOf({ who: ' li ', action: '', subject: undefined, page: 'WzFd' })).toEqual({ who: 'li' });
  });

  it('the export has the filters of the list', () => {
    expect(exportAddress({ who: 'a&b', since: '2026-11-28T00:00:00.000Z' }, 'csv')).toBe(
      '/v1/audit/export?who=a%26b&since=2026-11-28T00%3A00%3A00.000Z&format=csv',
    );
  });
});
