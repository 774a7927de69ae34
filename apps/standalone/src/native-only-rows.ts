/** Rows of the degradation page for native things without a canonical form: the source adapter writes a text, which is the same for every destination. */
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
    '## Native content without a canonical form',
    '',
    'The source adapter sends a text in the language of its own network instead, or refuses the content to its sender. A dash: people of the network cannot send it. On the open interface all content has a canonical form.',
    '',
    `| from | ${shown.map(({ slug }) => slug).join(' | ')} |`,
    `|---${'|---'.repeat(shown.length)}|`,
    ...NATIVE_THINGS.map(
      (thing) => `| ${thing} | ${shown.map(({ things }) => things?.[thing] ?? '–').join(' | ')} |`,
    ),
    '',
    '## Cases that apply to every network',
    '',
    '| case | text on a network with English texts | text on a network with Chinese texts |',
    '|---|---|---|',
    `| an edit removes the caption of a picture | ${en.wordsRemoved} | ${zh.wordsRemoved} |`,
    `| an edit needs fewer messages than before, and the network has no recall | ${en.pieceRemoved} | ${zh.pieceRemoved} |`,
    `| a message arrives 15 minutes or more late, and the network cannot show the time at which it was written | ${late(en)} | ${late(zh)} |`,
    '| the network refuses a file at delivery | a link; without links, a text | a link; without links, a text |',
    '',
  ];
}

function late({ sentEarlier }: typeof en): string {
  return sentEarlier(new Date('2026-11-28T09:20:00Z'), new Date('2026-11-28T12:20:00Z'));
}
