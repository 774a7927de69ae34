/**
 * The canonical form of addresses. All spellings of one person's address have the same canonical form, so that what is stored by
 * address (conversations, blocks, links, limits) is stored once for each person.
 */
import { addressOf, nativeOf, networkOf, type Address, type Network } from './address.js';
import { foldId, foldTelephone, type IdFolding, type IdRule } from './folding.js';
import { subjectWith } from './conversation.js';
import type { HubEvent } from './events.js';
import { isTel } from './telephone-numbers.js';
import { HubError } from './results.js';

/** The id rule that a network declares. undefined: unknown; each spelling then counts as a person of its own. */
export type FoldingOf = (network: Network) => IdFolding | undefined;

/** Patterns of local parts that are canonical already. Nearly all are, so that most need no folding. */
const PLAIN: Record<IdRule, RegExp> = {
  exact: /^/,
  'case-insensitive': /^[a-z0-9._-]+$/,
  jid: /^(?:[a-z0-9._-]+%40)?(?:(?!xn--)[a-z0-9-]+\.)*(?!xn--)[a-z][a-z0-9-]*$/,
  'user-and-server': /^%40[a-z0-9._-]+%3A[a-z0-9.-]*[a-z0-9](?:%3A\d{1,5})?$/,
  // Not longer than a number without its country code, so that no code can be removed.
  number: /^[1-9]\d{3,10}$/,
  e164: /^%2B[1-9]\d{6,14}$/,
};

const EXPECTED: Record<IdRule, string> = {
  exact: 'an id',
  'case-insensitive': 'an id',
  jid: 'a bare JID, as in im:amy%40example.org@<network>',
  'user-and-server': '@user:server, as in im:%40amy%3Aexample.org@<network>',
  number: 'a telephone number in digits',
  e164: 'a telephone number: + and its country code',
};

/** Number of cached results for each rule: folding takes a hundred times as long as a cache hit. */
const REMEMBERED = 50_000;
/** Longer addresses are not cached (characters): they are rare, and would take much memory. */
const LONGEST_REMEMBERED = 500;
const MOST_RULES = 20;
const worked = new Map<string, Map<Address, Address | undefined>>();

/** @throws HubError 30 when no person of that network can have the id; the detail says what is expected */
export function canonicalAddress(address: Address, folding: IdFolding | undefined): Address {
  const canonical = folded(address, folding ?? {});
  if (canonical !== undefined) return canonical;
  const expected = EXPECTED[folding?.ids ?? 'exact'];
  throw new HubError(
    '30',
    `${address.slice(0, 200)} names nobody: ${networkOf(address)} expects ${expected}`,
  );
}

function folded(address: Address, folding: IdFolding): Address | undefined {
  const { ids = 'exact', numbersWithout = '' } = folding;
  const isNumber = isTel(address);
  if (ids === 'exact' && !isNumber) return address;
  const isShort = address.length <= LONGEST_REMEMBERED;
  if (!isNumber && isShort && PLAIN[ids].test(address.slice(3, address.lastIndexOf('@')))) return address;
  const ofRule = workedBy(isNumber ? 'tel' : `${ids} ${numbersWithout}`);
  const known = ofRule.get(address);
  if (known !== undefined || ofRule.has(address)) return known;
  const native = isNumber ? foldTelephone(nativeOf(address)) : foldId(nativeOf(address), folding);
  const canonical = native === undefined ? undefined : sameOr(address, addressOf(networkOf(address), native));
  if (ofRule.size >= REMEMBERED) ofRule.clear();
  if (isShort) ofRule.set(address, canonical);
  return canonical;
}

function workedBy(rule: string): Map<Address, Address | undefined> {
  const known = worked.get(rule);
  if (known) return known;
  const made = new Map<Address, Address | undefined>();
  // There are few rules: six, and one for each country code that networks leave out.
  if (worked.size >= MOST_RULES) worked.clear();
  worked.set(rule, made);
  return made;
}

/** One string in memory instead of two. */
function sameOr(address: Address, canonical: Address): Address {
  return canonical === address ? address : canonical;
}

/** Makes addresses canonical by the rule that each network declares. */
export class CanonicalAddresses {
  constructor(private readonly foldingOf: FoldingOf) {}

  /** @throws HubError 30 */
  of(address: Address): Address {
    return canonicalAddress(address, this.foldingOf(networkOf(address)));
  }

  /** Like `of`, but returns the refusal instead of throwing. */
  orRefused(address: Address): Address | { code: '30'; detail: string } {
    try {
      return this.of(address);
    } catch (error) {
      if (error instanceof HubError && error.code === '30') return { code: '30', detail: error.detail };
      throw error;
    }
  }

  /** Like `of`, but returns an address that cannot be made canonical unchanged: it names nobody. */
  orSame(address: Address): Address {
    return folded(address, this.foldingOf(networkOf(address)) ?? {}) ?? address;
  }

  /** Canonical forms without duplicates, in the given order. */
  all(addresses: readonly Address[]): Address[] {
    return [...new Set(addresses.map((address) => this.orSame(address)))];
  }

  /** The event with canonical addresses and the conversation that follows from them; unchanged if they are canonical. @throws HubError 30 */
  event<Event extends HubEvent>(event: Event): Event {
    const { from, to } = event.data;
    const [sender, recipient] = [this.of(from.address), this.of(to)];
    const members =
      'members' in event.data ? event.data.members?.map((member) => this.of(member)) : undefined;
    const isSame = sender === from.address && recipient === to;
    if (isSame && members === undefined) return event;
    return {
      ...event,
      subject: isSame ? event.subject : subjectWith(event, sender, recipient),
      data: {
        ...event.data,
        from: { ...from, address: sender },
        to: recipient,
        ...(members ? { members } : {}),
      },
    };
  }
}
