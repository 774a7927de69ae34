import {
  joined,
  livenessOf,
  NEVER_HEARD,
  SILENT_AFTER_MS,
  type LivenessFacts,
  type NetworkLiveness,
} from './liveness.js';

const NOON = Date.parse('2026-11-22T12:00:00Z');
const at = (seconds: number) => NOON + seconds * 1000;
const beaten = (seconds: number, connected = true): LivenessFacts => ({
  heardAt: at(seconds),
  connectedAt: connected ? at(seconds) : 0,
  signedOffAt: 0,
});

describe('liveness from heartbeats', () => {
  const on = livenessOf(beaten(0), undefined, at(-60), at(1));

  test('one that beats is on', () => expect(on.state).toBe('on'));

  test('a network without heartbeats is offline since its last one', () => {
    expect(livenessOf(beaten(0), on, at(-60), at(SILENT_AFTER_MS / 1000))).toMatchObject({
      state: 'unreachable',
      since: '2026-11-22T12:00:00.000Z',
    });
  });

  test('one that beats and does not reach its network is unreachable after the same time, not at once', () => {
    const facts = { ...beaten(0), heardAt: at(20) };
    expect(livenessOf({ ...facts, heardAt: at(7) }, on, at(-60), at(7)).state).toBe('on');
    expect(livenessOf(facts, on, at(-60), at(20)).state).toBe('unreachable');
  });

  test('one that signed off is off at once, and on again with its next beat', () => {
    const off = livenessOf({ ...beaten(0), signedOffAt: at(1) }, on, at(-60), at(1));
    expect(off).toMatchObject({ state: 'signed_off', since: new Date(at(1)).toISOString() });
    expect(livenessOf({ ...beaten(5), signedOffAt: at(1) }, off, at(-60), at(5)).state).toBe('on');
  });

  test('a restarted console marks no network as offline before it has observed one period', () => {
    expect(livenessOf(beaten(0), on, at(300), at(301)).state).toBe('on');
    expect(livenessOf(beaten(0), on, at(300), at(309)).state).toBe('unreachable');
  });

  test('nor does it call one on again that was off', () => {
    const off: NetworkLiveness = { ...on, state: 'unreachable' };
    expect(livenessOf(beaten(0), off, at(300), at(301)).state).toBe('unreachable');
  });

  test('of the heartbeats that two consoles received the newest counts, in either order', () => {
    const [one, other] = [beaten(5), { ...beaten(3), signedOffAt: at(4) }];
    expect(joined(one, other)).toEqual(joined(other, one));
    expect(livenessOf(joined(one, other), on, at(-60), at(6)).state).toBe('on');
    expect(joined(NEVER_HEARD, one)).toEqual(one);
  });
});
