import { limitsOf } from './limits';

describe('limits of a form', () => {
  it('empty ones are no limits', () => {
    expect(limitsOf({ perSecond: null })).toEqual({});
    expect(limitsOf(undefined)).toEqual({});
  });

  it('given ones stay, zero included: the API says that it is not allowed', () => {
    expect(limitsOf({ perSecond: 0, newContactsPerDay: null })).toEqual({ limits: { perSecond: 0 } });
  });
});
