/** Rows of the degradation page for native things without a canonical form: their source writes words, the same for every destination. */
import { PHRASES } from '#protocol';
import { readHtml, writePlain } from '#text';
import { nameInUserId } from '../../adapter-matrix/src/text-content.js';

const { en, zh } = PHRASES;

/** As Matrix clients write it. */
function fromHtml(html: string): string {
  const tree = readHtml(html, { spoiler: en.spoiler, nameOf: nameInUserId });
  return tree ? writePlain(tree) : html;
}

const MENTION = '<a href="https://matrix.to/#/@_hutong_xmpp_amy=40localhost:example.org">amy</a>, look';
const EMOJI = '<img data-mx-emoticon src="mxc://example.org/x" alt=":party:"> done';

interface Row {
  thing: string;
  /** By network. */
  arrives: Record<string, string>;
}

const refused = 'refused (12)';
const inWords = (words: string) => words.replaceAll('\n', ' ');
const poll = inWords(en.poll('lunch?', ['noodles', 'rice']));

const ROWS: readonly Row[] = [
  {
    thing: 'poll',
    arrives: {
      xmpp: `${poll}; without words beside it ${refused}`,
      matrix: `${poll}; answers and its end in words`,
    },
  },
  {
    thing: 'live location',
    arrives: {
      xmpp: 'a location, if it stands in a message; as PEP a dead letter',
      matrix: `${en.liveLocation(undefined)}, and a location every ten minutes`,
    },
  },
  {
    thing: 'call',
    arrives: {
      xmpp: `${en.call('video', undefined)}; the caller gets 12`,
      matrix: en.call('video', undefined),
    },
  },
  {
    thing: 'subject, name of the chat',
    arrives: { xmpp: en.subject('…'), matrix: `${en.subject('…')}, ${en.roomName('…')}` },
  },
  {
    thing: 'spoiler',
    arrives: { matrix: fromHtml('<span data-mx-spoiler="film">he wakes up</span>') },
  },
  { thing: 'mention', arrives: { xmpp: 'the words as they are', matrix: fromHtml(MENTION) } },
  { thing: 'custom emoji', arrives: { matrix: fromHtml(EMOJI) } },
  { thing: 'encrypted message', arrives: { xmpp: refused, matrix: `${refused}, as a notice in the room` } },
  {
    thing: 'link, mini program',
    arrives: {
      wechat: 'title and address as text',
      wecom: 'title and address as text',
      yixin: 'title and address as text',
    },
  },
  {
    thing: 'any other type',
    arrives: Object.fromEntries(
      ['fetion', 'wechat', 'wecom', 'yixin', 'yunxin'].map((network) => [network, zh.notShown('…', '')]),
    ),
  },
];

const NETWORKS = ['xmpp', 'matrix', 'fetion', 'wechat', 'wecom', 'yixin', 'yunxin'];

export function nativeOnlyRows(): string[] {
  return [
    '## What has no canonical form',
    '',
    'The source adapter writes words in the language of its own network, or refuses to its sender. A dash: people of the network cannot send it. On the open interface everything that can be said has a canonical form.',
    '',
    `| from | ${NETWORKS.join(' | ')} |`,
    `|---${'|---'.repeat(NETWORKS.length)}|`,
    ...ROWS.map(
      ({ thing, arrives }) =>
        `| ${thing} | ${NETWORKS.map((network) => arrives[network] ?? '–').join(' | ')} |`,
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
