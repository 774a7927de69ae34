import { inBulk, resultOfEach } from './bulk';

describe('many things one after the other', () => {
  it('goes on after a failure and tells each step', async () => {
    const steps: string[] = [];
    const refused = new Error('refused');
    const result = await inBulk(
      ['1', '2', '3'],
      async (item) => {
        if (item === '2') throw refused;
      },
      ({ done, failed }) => steps.push(`${done}+${failed.length}`),
    );
    expect(steps).toEqual(['1+0', '1+1', '2+1']);
    expect(result.failed).toEqual([{ item: '2', error: refused }]);
  });

  it('has a result of each that was handled, failures first', () => {
    const failed = [{ item: '2', error: 'refused' }];
    expect(resultOfEach(['1', '2', '3', '4'], { done: 2, failed })).toEqual([
      { item: '2', error: 'refused' },
      { item: '1' },
      { item: '3' },
    ]);
  });
});
