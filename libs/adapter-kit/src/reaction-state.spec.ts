import { addressOf, network, type EventId } from '#protocol';
import { ReactionState, type ReactionChange } from './reaction-state.js';

const here = network('here');
const ann = addressOf(here, 'ann');
const sue = addressOf(network('far'), 'sue');
const target = 'A'.repeat(27) as EventId;

describe('the reactions of a person to a message', () => {
  let stored: Map<string, unknown>;
  /** A process of the adapter; what is stored outlives it. */
  const state = () =>
    new ReactionState(here, {
      put: async (key, value) => void stored.set(key, value),
      get: async (key) => stored.get(key),
    });
  const says = (change: ReactionChange, person = ann) =>
    state().after({ from: person, to: sue, target }, change);

  beforeEach(() => {
    stored = new Map();
  });

  test('of a network that sends the full set: the change is computed', async () => {
    expect(await says({ current: ['👍'] })).toEqual({ add: ['👍'], remove: [], current: ['👍'] });
    expect(await says({ current: ['❤️', '👀'] })).toEqual({
      add: ['❤️', '👀'],
      remove: ['👍'],
      current: ['❤️', '👀'],
    });
    expect(await says({ current: [] })).toEqual({ add: [], remove: ['❤️', '👀'], current: [] });
  });

  test('of a network that sends changes: the full set is computed', async () => {
    expect(await says({ add: '👍' })).toEqual({ add: ['👍'], remove: [], current: ['👍'] });
    expect(await says({ add: '👀' })).toEqual({ add: ['👀'], remove: [], current: ['👍', '👀'] });
    expect(await says({ remove: '👍' })).toEqual({ add: [], remove: ['👍'], current: ['👀'] });
  });

  test('that are sent again change nothing', async () => {
    await says({ add: '👍' });
    expect(await says({ add: '👍' })).toEqual({ add: [], remove: [], current: ['👍'] });
  });

  test('of another person are another set', async () => {
    await says({ add: '👍' });
    const ben = addressOf(here, 'ben');
    expect(await says({ add: '👀' }, ben)).toEqual({ add: ['👀'], remove: [], current: ['👀'] });
  });

  test('that come at the same time are all kept', async () => {
    const one = state();
    const all = ['👍', '👀', '🎉'].map((add) => one.after({ from: ann, to: sue, target }, { add }));
    expect((await Promise.all(all)).at(-1)?.current).toEqual(['👍', '👀', '🎉']);
  });

  test('are at most 32, as an event can carry', async () => {
    const current = Array.from({ length: 40 }, (_, n) => String.fromCodePoint(0x1f600 + n));
    expect((await says({ current })).current).toEqual(current.slice(0, 32));
  });
});
