/** Rows of the degradation page for native things without a canonical form: their source writes words, the same for every destination. */
import { NATIVE_THINGS } from '#network-manifest';
import { PHRASES } from '#protocol';
import { NETWORKS } from './networks.js';

const { en, zh } = PHRASES;

export async function nativeOnlyRows(): Promise<string[]> {
  const networks = await Promise.all(
    NETWORKS.map(async (network) => ({ slug: network.slug, things: await network.nativeThings?.() })),
  );
  const shown = networks.filter(({ things }) => things !== undefined);
  return [
    '## What has no canonical form',
    '',
    'The source adapter writes words in the language of its own network, or refuses to its sender. A dash: people of the network cannot send it. On the open interface everything that can be said has a canonical form.',
    '',
    `| from | ${shown.map(({ slug }) => slug).join(' | ')} |`,
    `|---${'|---'.repeat(shown.length)}|`,
    ...NATIVE_THINGS.map(
      (thing) => `| ${thing} | ${shown.map(({ things }) => things?.[thing] ?? '–').join(' | ')} |`,
    ),
    '',
    '## What happens to any message',
    '',
    '| | in words of an English network | of a Chinese one |',
    '|---|---|---|',
    `| an edit takes the words off a picture | ${en.wordsRemoved} | ${zh.wordsRemoved} |`,
    `| words that an edit no longer needs, where nothing can be recalled | ${en.pieceRemoved} | ${zh.pieceRemoved} |`,
    `| late by 15 minutes or more, where the network has no time of its own for a message | ${late(en)} | ${late(zh)} |`,
    '| a file that the network refuses at handover | a link, then words | a link, then words |',
    '',
  ];
}

function late({ sentEarlier }: typeof en): string {
  return sentEarlier(new Date('2026-11-28T09:20:00Z'), new Date('2026-11-28T12:20:00Z'));
}
