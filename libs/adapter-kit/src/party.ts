import type { Party } from '#protocol';

/** As the schema of a party has it. */
const LONGEST_NAME = 200;

/** A name is what somebody calls himself: one that is too long is shortened, between characters, and refuses nothing. */
export function presentable(party: Party): Party {
  if (party.displayName === undefined) return party;
  const displayName = party.displayName
    .slice(0, LONGEST_NAME)
    .replace(/[\uD800-\uDBFF]$/, '')
    .toWellFormed();
  return { ...party, displayName };
}
