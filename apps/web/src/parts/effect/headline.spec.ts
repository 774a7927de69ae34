import { headlinesOf } from './headline';

const none = { termination: '0', switch: '0' };
const totals = { messages: 0, rerouted: 0, fees: none, before: none, after: none };
const preview = { counted: 5000, repriced: [], totals };

describe('what a change would have done', () => {
  it('stopped traffic, with its whole price', () => {
    const stopped = { ...totals, messages: 1204, fees: { termination: '60.2', switch: '0.8' } };
    expect(headlinesOf({ ...preview, totals: stopped })).toEqual([
      { kind: 'stopped', messages: 1204, fees: '61.000000' },
    ]);
  });

  it('another price', () => {
    const changed = { ...totals, before: { termination: '1', switch: '0.5' }, after: none };
    expect(headlinesOf({ ...preview, repriced: [{}], totals: changed })).toEqual([
      { kind: 'repriced', before: '1.500000', after: '0.000000' },
    ]);
  });

  it('nothing: it says among how many messages', () => {
    expect(headlinesOf(preview)).toEqual([{ kind: 'nothing', counted: 5000 }]);
  });

  it('without traffic nothing can be said', () => {
    expect(headlinesOf({ ...preview, counted: 0 })).toEqual([{ kind: 'noTraffic' }]);
  });

  it('what was not counted is unknown, not zero', () => {
    expect(headlinesOf({ ...preview, counted: null })).toEqual([{ kind: 'unknown' }]);
  });

  it('another network, with both prices', () => {
    const moved = { ...totals, rerouted: 7, before: { termination: '1', switch: '0' }, after: none };
    expect(headlinesOf({ ...preview, totals: moved })).toEqual([
      { kind: 'rerouted', messages: 7, before: '1.000000', after: '0.000000' },
    ]);
  });
});
