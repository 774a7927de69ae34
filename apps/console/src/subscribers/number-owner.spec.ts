import { addressOf, levels, network, type Capabilities, type E164 } from '#protocol';
import {
  addressByPrefix,
  numbersLike,
  ownerOf,
  type Facts,
  type OwnerNetwork,
  type OwnerRoute,
} from './number-owner.js';

const NUMBER = '+8613800138000' as E164;
const NOW = new Date('2026-12-01T00:00:00Z');
const [fetion, wechat, gone] = [network('fetion'), network('wechat'), network('gone')];
const anna = addressOf(wechat, 'anna');
const left = addressOf(gone, 'anna');

const member = (slug: OwnerNetwork['slug'], status: OwnerNetwork['status']): OwnerNetwork => ({
  slug,
  status,
  leaves_at: null,
  capabilities: null,
});
const route = (kind: OwnerRoute['kind'], key: string, more: Partial<OwnerRoute> = {}): OwnerRoute => ({
  kind,
  key,
  network: fetion,
  address: null,
  since: NOW,
  ...more,
});
const facts = (more: Partial<Facts>): Facts => ({
  routes: [],
  links: [],
  networks: new Map([
    ['fetion', member(fetion, 'live')],
    ['wechat', member(wechat, 'live')],
    ['gone', member(gone, 'gone')],
  ]),
  ...more,
});
const link = (address = anna) => ({ address, since: NOW });

describe('who has a number', () => {
  it('the network to which it was ported, whatever is linked', () => {
    const owner = ownerOf(NUMBER, facts({ routes: [route('exact', '8613800138000')], links: [link()] }), NOW);
    expect(owner).toMatchObject({
      reason: 'ported',
      network: 'fetion',
      address: addressOf(fetion, '8613800138000'),
    });
  });

  it('the address to which it was ported', () => {
    const ported = route('exact', '8613800138000', { network: wechat, address: anna });
    expect(ownerOf(NUMBER, facts({ routes: [ported] }), NOW)).toMatchObject({ address: anna });
  });

  it('a verified link before the prefix, and none on a network that has left', () => {
    const routes = [route('prefix', '86')];
    expect(ownerOf(NUMBER, facts({ routes, links: [link(left), link()] }), NOW)).toMatchObject({
      reason: 'preferred',
      address: anna,
    });
    expect(ownerOf(NUMBER, facts({ routes, links: [link(left)] }), NOW)).toMatchObject({ reason: 'own' });
  });

  it('a suspended network if no other one has a link', () => {
    const networks = new Map([['wechat', member(wechat, 'suspended')]]);
    expect(ownerOf(NUMBER, facts({ links: [link()], networks }), NOW)).toMatchObject({ reason: 'preferred' });
  });

  it('the longest prefix, then SMS, then nobody', () => {
    const routes = [
      route('prefix', '86'),
      route('prefix', '86138', { network: wechat }),
      route('prefix', '1', { network: gone }),
    ];
    expect(ownerOf(NUMBER, facts({ routes }), NOW)).toMatchObject({
      reason: 'own',
      network: 'wechat',
      prefix: '86138',
    });
    expect(ownerOf(NUMBER, facts({ routes: [route('sms', '86')] }), NOW)).toMatchObject({
      reason: 'sms',
      address: null,
    });
    expect(ownerOf(NUMBER, facts({ routes: [route('exact', '861380013800')] }), NOW)).toBeUndefined();
  });
});

describe('the number of an address', () => {
  const routes = [route('prefix', '86138')];
  const ofAnna = addressOf(fetion, '8613800138000');

  it('is its id, where the network serves the number by its prefix', () => {
    expect(numbersLike(ofAnna, undefined)).toEqual([NUMBER]);
    expect(addressByPrefix(NUMBER, facts({ routes }))).toBe(ofAnna);
    expect(addressByPrefix(NUMBER, facts({}))).toBeUndefined();
  });

  it('gets the country code that the network leaves out', () => {
    const short = addressOf(fetion, '13800138000');
    const capabilities = {
      version: '1',
      language: 'zh',
      features: levels(2),
      limits: {},
      numbersWithout: '86',
    };
    const omits: OwnerNetwork = { ...member(fetion, 'live'), capabilities: capabilities as Capabilities };
    const networks = new Map([['fetion', omits]]);
    expect(numbersLike(short, omits)).toEqual(['+13800138000', NUMBER]);
    expect(addressByPrefix(NUMBER, { routes, networks })).toBe(short);
    expect(addressByPrefix('+13800138000' as E164, { routes, networks })).toBeUndefined();
  });

  it('is the number of nobody there after it was ported', () => {
    const ported = [...routes, route('exact', '8613800138000', { network: wechat })];
    expect(addressByPrefix(NUMBER, facts({ routes: ported }))).toBeUndefined();
  });

  it('a name is no number', () => {
    expect(numbersLike(anna, undefined)).toEqual([]);
  });
});
