/** Compares declared capabilities with implemented abilities at start. A difference stops the start: it is a mistake of the adapter's author. */
import { levelOf, type Feature } from '#protocol';
import type { Abilities } from './abilities.contract.js';
import type { AnyAdapter } from './adapter.contract.js';

const ABILITY_OF: Partial<Record<Feature, keyof Abilities>> = {
  media: 'deliverAttachment',
  edit: 'deliverEdit',
  recall: 'deliverRecall',
  reaction: 'deliverReaction',
  contact: 'deliverContact',
  typing: 'showTyping',
  presence: 'showPresence',
  call: 'deliverCall',
};

/** @returns one line per disagreement; empty when all agree */
export function checkAbilities(adapter: AnyAdapter): string[] {
  const capabilities = adapter.capabilities();
  const wrong: string[] = [];
  for (const [feature, method] of Object.entries(ABILITY_OF) as [Feature, keyof Abilities][]) {
    const declared = levelOf(capabilities, feature) > 0;
    const implemented = typeof adapter[method] === 'function';
    if (declared && !implemented)
      wrong.push(
        `${feature} is declared at level ${levelOf(capabilities, feature)}, but ${method}() is missing`,
      );
    if (!declared && implemented)
      wrong.push(
        `${method}() is implemented, but ${feature} is declared at level ${levelOf(capabilities, feature)}`,
      );
  }
  const receipts = levelOf(capabilities, 'delivered') > 0 || levelOf(capabilities, 'read') > 0;
  if (receipts !== (typeof adapter.deliverReceipt === 'function'))
    wrong.push('delivered/read and deliverReceipt() disagree');
  const { avatars } = capabilities;
  if ((avatars === 'both' || avatars === 'shown') !== (typeof adapter.showAvatar === 'function'))
    wrong.push(
      `avatars are declared as ${avatars ?? 'neither published nor shown'}, and showAvatar() disagrees`,
    );
  if (adapter.worksAlone && adapter.sharesPartitions)
    wrong.push('an adapter that works alone cannot share partitions');
  if ((capabilities.pairing !== undefined) !== (typeof adapter.pair === 'function'))
    wrong.push('pairing and pair() disagree');
  if (levelOf(capabilities, 'media') > 0 !== (capabilities.media !== undefined))
    wrong.push('media is declared in one of features and media, but not in the other');
  return wrong;
}
