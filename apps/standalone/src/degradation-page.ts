/** In which form each feature arrives, for every ordered pair of networks, computed from their capability documents. */
import { arrivalOf, type ArrivalForm } from '#degradation';
import { FEATURES, type Capabilities, type Feature } from '#protocol';
import { nativeOnlyRows } from './native-only-rows.js';

const FORMS: Record<Exclude<ArrivalForm, 'words'>, string> = {
  absent: '–',
  unchanged: 'unchanged',
  partly: 'partly',
  'plain-text': 'plain text',
  'not-shown': 'not shown',
  dropped: 'dropped',
  refused: 'refused (12)',
};

function cell(feature: Feature, from: Capabilities, to: Capabilities): string {
  const arrival = arrivalOf(feature, from, to);
  return arrival.form === 'words' ? arrival.words : FORMS[arrival.form];
}

function avatarCell({ avatars: from }: Capabilities, { avatars: to }: Capabilities): string {
  if (from !== 'told' && from !== 'both') return '–';
  return to === 'shown' || to === 'both' ? 'a JPEG of at most 256 pixels' : 'not shown';
}

function limitsOf({ limits }: Capabilities): string {
  const shown = Object.entries(limits).map(([name, value]) => `${name} ${value}`);
  return shown.length === 0 ? 'none' : shown.join(', ');
}

/** @param networks capability documents by the name of the network */
export async function degradationPage(networks: Record<string, Capabilities>): Promise<string> {
  const names = Object.keys(networks);
  const lines = [
    '# In which form content arrives',
    '',
    'Generated from the capability documents of the adapters by `npm run docs`. A dash: people of the source network do not have the feature.',
    'An edit or recall of a message that is older than `editAgeMs` or `recallAgeMs` arrives as text. A text that exceeds `textLength` (graphemes), `textUnits` (UTF-16 units) or `textBytes` is split into several messages.',
    '',
    '| network | language of texts of the hub | limits |',
    '|---|---|---|',
    ...names.map((name) => {
      const capabilities = networks[name];
      return capabilities ? `| ${name} | ${capabilities.language} | ${limitsOf(capabilities)} |` : '';
    }),
    '',
  ];
  for (const [from, source] of Object.entries(networks)) {
    const others = Object.entries(networks).filter(([to]) => to !== from);
    lines.push(
      `## From ${from}`,
      '',
      `| | ${others.map(([to]) => to).join(' | ')} |`,
      `|---${'|---'.repeat(others.length)}|`,
    );
    for (const feature of FEATURES)
      lines.push(`| ${feature} | ${others.map(([, target]) => cell(feature, source, target)).join(' | ')} |`);
    lines.push(`| avatar | ${others.map(([, target]) => avatarCell(source, target)).join(' | ')} |`);
    lines.push('');
  }
  return [...lines, ...(await nativeOnlyRows())].join('\n');
}
