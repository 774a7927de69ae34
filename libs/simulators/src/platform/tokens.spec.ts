import { Clock } from './clock.js';
import { Tokens } from './tokens.js';

const MINUTE = 60_000;

function codeOf(action: () => void): unknown {
  try {
    action();
    return 0;
  } catch (error) {
    return (error as { errcode: number }).errcode;
  }
}

describe('access tokens', () => {
  let clock: Clock;
  let tokens: Tokens;
  const check = (value: string | null): unknown => codeOf(() => tokens.check(value));

  beforeEach(() => {
    clock = new Clock();
    tokens = new Tokens(clock, 40014);
  });

  it('none, a made-up one, and one that is too old', () => {
    expect(check(null)).toBe(41001);
    expect(check('made-up')).toBe(40014);
    const { access_token, expires_in } = tokens.fresh();
    expect(expires_in).toBe(7200);
    clock.advance(7_200_001);
    expect(check(access_token)).toBe(42001);
  });

  it('a new one ends the one before after five minutes', () => {
    const before = tokens.fresh().access_token;
    const after = tokens.fresh().access_token;
    expect([check(before), check(after)]).toEqual([0, 0]);
    clock.advance(5 * MINUTE + 1);
    expect([check(before), check(after)]).toEqual([40001, 0]);
  });

  it('the stable one stays the same until its last five minutes', () => {
    const first = tokens.stable(false).access_token;
    clock.advance(114 * MINUTE);
    expect(tokens.stable(false).access_token).toBe(first);
    clock.advance(MINUTE + 1);
    expect(tokens.stable(false).access_token).not.toBe(first);
    expect(check(first)).toBe(0);
  });

  it('force: at once, but not twice within half a minute, nor more than twenty times a day', () => {
    const first = tokens.stable(false).access_token;
    tokens.stable(true);
    expect(check(first)).toBe(40001);
    expect(codeOf(() => tokens.stable(true))).toBe(45011);
    for (let n = 1; n < 20; n++) {
      clock.advance(30_000);
      tokens.stable(true);
    }
    clock.advance(30_000);
    expect(codeOf(() => tokens.stable(true))).toBe(45009);
  });

  it('the stable line and the old one do not touch each other', () => {
    const old = tokens.fresh().access_token;
    const stable = tokens.stable(false).access_token;
    clock.advance(30 * MINUTE);
    expect([check(old), check(stable)]).toEqual([0, 0]);
    expect(old).not.toBe(stable);
  });

  it('fault: all of them expire at once', () => {
    const { access_token } = tokens.fresh();
    tokens.expireNow();
    expect(check(access_token)).toBe(42001);
  });
});
