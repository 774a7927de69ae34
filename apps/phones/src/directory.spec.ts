import type { NetworkPart } from '#network-manifest';
import { contactsOf, ownersOf, personBehind, splitName } from './directory.js';
import type { WallNetwork } from './wall-network.js';

const ALICE = 'im:alice@far';
const LI = 'im:o1234abcd@platform';

function network(
  slug: string,
  accounts: { native: string; address: string }[],
  part: Partial<NetworkPart>,
  people?: string[],
) {
  return {
    slug,
    look: { name: { en: slug, zh: slug }, ...(people ? { people } : {}) },
    part: { accounts: accounts.map((one) => ({ ...one, password: '' })), ghostOf: {}, ...part },
  } as unknown as WallNetwork;
}

const far = network('far', [{ native: 'alice@localhost', address: ALICE }], {
  ghostOf: { [LI]: 'li%40platform@hub' },
});
const platform = network(
  'platform',
  [{ native: 'o1234abcd', address: LI }],
  { ghostOf: { [ALICE]: `@${ALICE}` }, channel: 'bot' },
  ['Li'],
);
const owners = ownersOf([far, platform]);
const [alice, li] = owners;

test('people have the name of the manifest, otherwise that of their account', () => {
  expect(owners.map(({ id, name }) => [id, name])).toEqual([
    ['far-0', 'alice'],
    ['platform-0', 'Li'],
  ]);
});

test('contacts are the people of the other networks, as one writes to them', () => {
  expect(alice && contactsOf(alice, owners)).toMatchObject([
    { chat: LI, name: 'Li', reach: 'li%40platform@hub' },
  ]);
});

test.each([
  ['Li · platform', { name: 'Li', network: 'platform' }],
  ['Li (platform)', { name: 'Li', network: 'platform' }],
  ['Li (the one) (platform)', { name: 'Li (the one)', network: 'platform' }],
  ['Li', { name: 'Li' }],
])('the name %s is that of a person on a network', (shown, expected) => {
  expect(splitName(shown)).toEqual(expected);
});

describe('who is behind a native id', () => {
  const behind = (native: string, shown?: string) => alice && personBehind(native, shown, alice, owners)?.id;

  test('whoever has the address', () => {
    expect(behind('li%40platform@hub')).toBe('platform-0');
  });

  test('whoever has the name on that network, or an account with this part', () => {
    expect(behind('700000001', 'Li (platform)')).toBe('platform-0');
    expect(behind('700000001', '34abcd (platform)')).toBe('platform-0');
    expect(behind('@1', 'Nick 34abcd · platform')).toBe('platform-0');
  });

  test('nobody whose name is the same on another network, or who is unknown', () => {
    expect(behind('700000001', 'Li (far)')).toBeUndefined();
    expect(behind('700000001', 'cd (platform)')).toBeUndefined();
    expect(behind('700000001')).toBeUndefined();
  });

  test('an account that stands for all is nobody of them', () => {
    expect(li && personBehind('bot', 'Hutong', li, owners)).toBeUndefined();
  });
});
