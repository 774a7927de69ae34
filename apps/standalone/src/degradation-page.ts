/** In which form each feature arrives, for every ordered pair of networks, computed from their capability documents. */
import { FEATURES, levelOf, mapLink, PHRASES, type Capabilities, type Feature } from '#protocol';
import { nativeOnlyRows } from './native-only-rows.js';

const PLACE = { latitude: 39.94, longitude: 116.39 };

/** What the recipient gets in place of a feature that the destination does not have. */
function fallback(feature: Feature, { language }: Capabilities): string {
  const words = PHRASES[language];
  switch (feature) {
    case 'formatting':
      return 'plain text';
    case 'reply':
      return words.replied('…');
    case 'edit':
      return words.edited('…');
    case 'recall':
      return words.recalled;
    case 'reaction':
      return words.reacted('👍');
    case 'media':
      return words.media('image', undefined, '106');
    case 'sticker':
      return words.sticker('…');
    case 'location':
      return words.location('…', mapLink(PLACE).replace(/\?.*/, '…'));
    case 'card':
      return words.card('…', undefined);
    case 'text':
    case 'delivered':
    case 'read':
    case 'typing':
    case 'presence':
    case 'contact':
      return 'not shown';
  }
}

function cell(feature: Feature, from: Capabilities, to: Capabilities): string {
  // A feature that people of a network do not have is never degraded elsewhere.
  if (levelOf(from, feature) <= 0 && feature !== 'media' && feature !== 'sticker' && feature !== 'location')
    return '–';
  switch (levelOf(to, feature)) {
    case 2:
      return 'unchanged';
    case 1:
      return 'partly';
    case 0:
      return fallback(feature, to);
    case -1:
      return 'dropped';
    case -2:
      return 'refused (12)';
  }
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
