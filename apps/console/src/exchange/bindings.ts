/**
 * The networks that a change binds, and which must therefore confirm it. Determined in the transaction of the decision, because
 * members can join and leave while a change is open.
 */
import type { EntityManager } from 'typeorm';
import { ANY_NETWORK, digitsOf, isReserved, networkOf, type Network, type TrafficClass } from '#protocol';
import { millionths } from '../settlement/amount.js';
import type { BoundChange } from './acceptance-rules.js';
import type { AgreementTerms, ProposedChange } from './changes.js';
import { tariffsOf, type TariffTerms } from './tariff-terms.js';
import type { GovernedChange } from '../people/governed-changes.js';
import { holdersOfNumber, holdersOfRoute } from './route-holders.repository.js';
import { networksNotGone, memberSlugs } from '../networks/network-slugs.repository.js';
import { agreementOfNetwork, highestFees, isOpenFrom } from './agreements.repository.js';

export interface Binding extends BoundChange {
  network: Network;
}

type Facts = Omit<BoundChange, 'counterparts' | 'kind'>;
/** One ordered pair of networks; each end can be `*`. */
type Ends = readonly [from: string, to: string];

const NO_TERMS: Facts = { classes: [], fees: undefined, shares: false, reciprocal: false };

type SanctionOrRuling = Extract<
  ProposedChange,
  {
    kind:
      | `dispute.${string}`
      | `difference.${string}`
      | `risk.${string}`
      | 'network.suspend'
      | 'network.enable'
      | 'network.remove';
  }
>;

/** @returns one binding for each network that must confirm; none for rulings and sanctions of two admins */
export async function bindingsOf(manager: EntityManager, change: ProposedChange): Promise<Binding[]> {
  switch (change.kind) {
    case 'agreement.add':
      return pairBindings(manager, change.kind, [endsOf(change.terms)], {
        ...NO_TERMS,
        classes: change.terms.classes,
        ...(await agreementFacts(manager, change.terms)),
      });
    case 'agreement.replace': {
      const before = await agreementOf(manager, change.id);
      return pairBindings(manager, change.kind, [endsOf(change.terms), ...before.ends], {
        ...NO_TERMS,
        classes: [...new Set([...change.terms.classes, ...before.classes])],
        ...(await agreementFacts(manager, change.terms)),
      });
    }
    case 'agreement.end': {
      const { ends, classes } = await agreementOf(manager, change.id);
      return pairBindings(manager, change.kind, ends, { ...NO_TERMS, classes });
    }
    case 'tariff.add':
      return pairBindings(manager, change.kind, [endsOf(change.terms)], tariffFacts([change.terms]));
    case 'tariff.pair':
      // A rule for single tariffs confirms it if it would confirm each of them.
      return pairBindings(
        manager,
        'tariff.add',
        [endsOf(change.terms)],
        tariffFacts(tariffsOf(change.terms)),
      );
    case 'route.set': {
      const { own, shorter } = await holdersOfRoute(manager, change.terms);
      const had = own.length > 0 ? own : shorter;
      return amongEachOther(manager, change.kind, [change.terms.network, ...had]);
    }
    case 'route.remove': {
      const { own, shorter } = await holdersOfRoute(manager, change.terms);
      return amongEachOther(manager, change.kind, [...own, ...shorter]);
    }
    case 'number.port': {
      const { number, network, address } = change.terms;
      const gains = address === undefined ? network : networkOf(address);
      const loses = await holdersOfNumber(manager, digitsOf(number), 'as it is');
      return amongEachOther(manager, change.kind, [...loses, ...(gains === undefined ? [] : [gains])]);
    }
    case 'number.restore': {
      const digits = digitsOf(change.number);
      const loses = await holdersOfNumber(manager, digits, 'as it is');
      const gains = await holdersOfNumber(manager, digits, 'if it were not ported');
      return amongEachOther(manager, change.kind, [...loses, ...gains]);
    }
    case 'phase.set': {
      const counterparts = change.terms.phase === 'anchor' ? [change.terms.anchor] : [];
      const members = [...(await memberSlugs(manager)), ...counterparts];
      return present(manager, change.kind, members, () => counterparts, NO_TERMS);
    }
    case 'network.leave':
      return present(manager, change.kind, [change.network], () => [], NO_TERMS);
    default:
      return BINDS_NOBODY[change.kind];
  }
}

/** Kinds that bind no network: sanctions and rulings, people, keys, accounts, payments, an early close, and the reach of a subscriber. */
const BINDS_NOBODY: Record<(GovernedChange | SanctionOrRuling)['kind'], []> = {
  'network.suspend': [],
  'network.enable': [],
  'network.remove': [],
  'risk.lift': [],
  'risk.dismiss': [],
  'difference.resolve': [],
  'dispute.rule': [],
  'dispute.review': [],
  'person.add': [],
  'person.roles': [],
  'person.disable': [],
  'person.second-factor-reset': [],
  'key.issue': [],
  'key.revoke': [],
  'day.close': [],
  'payment.record': [],
  'operator.billing': [],
  'consent.set': [],
  'block.add': [],
  'block.remove': [],
  'link.change': [],
  'link.remove': [],
};

/** The other end of a pair, from the view of one of its networks. */
export function counterpartOf(network: string, [from, to]: Ends): string {
  if (from === network) return to;
  if (to === network) return from;
  return from === ANY_NETWORK ? to : from;
}

function endsOf({ from, to }: { from: string; to: string }): Ends {
  return [from, to];
}

/** Both ends; for `*`, every member. */
async function pairBindings(
  manager: EntityManager,
  kind: BoundChange['kind'],
  pairs: readonly Ends[],
  facts: Facts,
): Promise<Binding[]> {
  const ends = pairs.flat();
  const members = ends.includes(ANY_NETWORK) ? await memberSlugs(manager) : [];
  const named = ends.filter((end) => end !== ANY_NETWORK);
  const isOf = (network: string) => (pair: Ends) => pair.includes(network) || pair.includes(ANY_NETWORK);
  const counterparts = (network: string) =>
    pairs.filter(isOf(network)).map((pair) => counterpartOf(network, pair));
  return present(manager, kind, [...named, ...members], counterparts, facts);
}

function amongEachOther(
  manager: EntityManager,
  kind: BoundChange['kind'],
  networks: readonly string[],
): Promise<Binding[]> {
  const others = (network: string) => networks.filter((other) => other !== network);
  return present(manager, kind, networks, others, NO_TERMS);
}

/** Without networks that have left, where nobody can confirm, and without networks of the hub. */
async function present(
  manager: EntityManager,
  kind: BoundChange['kind'],
  networks: readonly string[],
  counterparts: (network: string) => string[],
  facts: Facts,
): Promise<Binding[]> {
  const left = await networksNotGone(manager, networks);
  return left
    .filter((slug) => !isReserved(slug))
    .map((slug) => ({ network: slug, kind, counterparts: [...new Set(counterparts(slug))], ...facts }));
}

async function agreementOf(
  manager: EntityManager,
  id: string,
): Promise<{ ends: Ends[]; classes: TrafficClass[] }> {
  const found = await agreementOfNetwork(manager, undefined, id);
  return found
    ? { ends: [[found.from_network, found.to_network]], classes: found.classes }
    : { ends: [], classes: [] };
}

/** The highest fees of tariffs, in force now or later, that can apply to the pair; and whether the opposite direction is allowed. */
async function agreementFacts(
  manager: EntityManager,
  { from, to, classes, validTo }: AgreementTerms,
): Promise<Pick<Facts, 'fees' | 'reciprocal'>> {
  const fees = await highestFees(manager, from, to, classes);
  const reciprocal = await isOpenFrom(manager, { from: to, to: from, classes, until: validTo });
  return {
    fees,
    reciprocal: (from === ANY_NETWORK && to === ANY_NETWORK) || reciprocal,
  };
}

function tariffFacts(tariffs: readonly TariffTerms[]): Facts {
  const highest = (fee: (terms: TariffTerms) => string) =>
    tariffs.map((terms) => millionths(fee(terms))).reduce((most, one) => (one > most ? one : most), 0n);
  return {
    classes: [...new Set(tariffs.map((terms) => terms.class))],
    fees: {
      termination: highest(({ terminationFee }) => terminationFee),
      switch: highest(({ switchFee }) => switchFee),
    },
    shares: tariffs.some(
      ({ shares, billAndKeepPermille }) => shares.length > 0 || billAndKeepPermille !== undefined,
    ),
    reciprocal: false,
  };
}
