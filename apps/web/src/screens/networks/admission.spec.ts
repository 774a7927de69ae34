import { admissionOf, healthOf } from './admission';

const draft = { state: 'draft', signedOn: false } as const;

describe('admission of a network', () => {
  it('waits for an admin after the application', () => {
    expect(admissionOf({ status: 'applied', test: false, adapter: draft })).toEqual({
      next: 1,
      actor: 'admin',
    });
  });

  it('waits for the operator to connect and to certify the adapter', () => {
    expect(admissionOf({ status: 'approved', test: false, adapter: draft })).toEqual({
      next: 2,
      actor: 'operator',
    });
    const sandbox = { state: 'sandbox', signedOn: true } as const;
    expect(admissionOf({ status: 'approved', test: false, adapter: sandbox })).toEqual({
      next: 3,
      actor: 'operator',
    });
  });

  it('ends when the network is live', () => {
    const certified = { state: 'certified', signedOn: true } as const;
    expect(admissionOf({ status: 'approved', test: false, adapter: certified })).toEqual({
      next: 4,
      actor: 'admin',
    });
    expect(admissionOf({ status: 'live', test: false, adapter: certified })).toEqual({
      next: 5,
      actor: undefined,
    });
  });

  it('a test network needs no certificate, and one that has left has no next step', () => {
    expect(admissionOf({ status: 'live', test: true, adapter: draft })).toEqual({
      next: 5,
      actor: undefined,
    });
    expect(admissionOf({ status: 'gone', test: false, adapter: draft })).toBeUndefined();
  });
});

describe('health of a network', () => {
  it.each([
    ['live', true, true, 'well'],
    ['live', true, false, 'noNetwork'],
    ['leaving', false, true, 'noAdapter'],
    ['suspended', true, true, 'stopped'],
  ] as const)('%s, adapter %s, network %s: %s', (status, signedOn, nativeConnected, health) =>
    expect(healthOf({ status, adapter: { signedOn, nativeConnected } })).toBe(health),
  );
});
