/** Makes the addresses of a draft canonical, where it enters the kit. */
import type { Address, CanonicalAddresses, Party } from '#protocol';

/** @throws HubError 30 when the sender or the recipient cannot exist in their network */
export function inCanonicalForm<Draft extends { from: Party; to: Address }>(
  draft: Draft,
  canonical: CanonicalAddresses,
): Draft {
  const [address, to] = [canonical.of(draft.from.address), canonical.of(draft.to)];
  if (address === draft.from.address && to === draft.to) return draft;
  return { ...draft, from: { ...draft.from, address }, to };
}
