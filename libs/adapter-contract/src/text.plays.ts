/** Text arrives exactly: characters that look like markup, formatted text, and text that is too long for one message. */
import type { Capabilities } from '#protocol';
import { within, type Cast } from './cast.js';

/** Every line contains markup of Markdown, HTML or XMPP styling, but the author means it as plain text. */
const LITERAL = ['# of people: 5', '1986. A year', '__init__ a*b*c &amp; <b> \\n', '    - indented'].join(
  '\n',
);

const ADDRESS = 'https://example.org/a_b_c?x=1*2*3&y=%E4%B8%AD';
const FORMATTED = [
  '**Tea** for `__init__` and \\*others\\*',
  '3. third\n4. fourth\n   - nested',
  '```\nif (a < b && c) return "**";\n```',
  `<${ADDRESS}>`,
].join('\n\n');

/** In characters that every network counts as one. */
function limitOf({ limits: { textLength, textUnits, textBytes } }: Capabilities): number {
  const given = [textLength, textUnits, textBytes].filter((one) => one !== undefined);
  return given.length > 0 ? Math.min(...given) : 3000;
}

export function text(cast: Cast): void {
  const { capabilities } = cast.expected;
  const limit = limitOf(capabilities);

  /** Texts that ann read since then, one for each native message. */
  const readSince = (before: number) =>
    cast.stage.ann.timeline.slice(before).flatMap((seen) => (seen.kind === 'text' ? [seen.text ?? ''] : []));

  test('T66 characters that are markup on other networks arrive unchanged, both ways', async () => {
    cast.sue({ kind: 'message', text: LITERAL });
    await cast.annReads(LITERAL);
    const answer = `${LITERAL}\nsaid ann`;
    await cast.stage.ann.write(cast.ghost, answer);
    await cast.sueSees('them', (act) => act.text === answer);
  });

  test('T67 formatted text arrives completely, and a URL appears once', async () => {
    cast.sue({ kind: 'message', markdown: FORMATTED });
    const { text: read = '' } = await cast.annSees('it', (seen) => seen.text?.includes(ADDRESS) ?? false);
    for (const words of [
      'Tea',
      '__init__',
      '3. third',
      '4. fourth',
      'nested',
      'if (a < b && c) return "**";',
    ])
      expect(read).toContain(words);
    expect(read.split(ADDRESS)).toHaveLength(2);
    // Escapes are expected only where the network shows Markdown source.
    if (!read.includes('**Tea**')) expect(read).toContain('*others*');
  });

  test('T68 a URL at the length limit of a message is not split', async () => {
    await cast.stage.ann.write(cast.ghost, 'where is it?');
    await cast.sueSees('the question', (act) => act.text === 'where is it?');
    const before = cast.stage.ann.timeline.length;
    const long = `${'w'.repeat(limit - 20)} ${ADDRESS} 完。`;
    cast.sue({ kind: 'message', text: long });
    await within(
      'all of it',
      () => (readSince(before).join('') === long ? true : undefined),
      () => readSince(before),
    );
    expect(readSince(before).filter((piece) => piece.includes(ADDRESS))).toHaveLength(1);
  });

  test('T69 long code is split between lines', async () => {
    const before = cast.stage.ann.timeline.length;
    const line = (at: number) => `    row_${String(at).padStart(5, '0')} = a**b**c`;
    const rows = Array.from({ length: Math.ceil((limit + 60) / (line(0).length + 1)) }, (_, at) => line(at));
    cast.sue({ kind: 'message', markdown: `\`\`\`\n${rows.join('\n')}\n\`\`\`` });
    const lines = () => readSince(before).flatMap((piece) => piece.split('\n'));
    await within(
      'the last line',
      () => lines().find((one) => one.endsWith(rows.at(-1)?.trim() ?? '')),
      () => readSince(before),
    );
    // A bot account names the author before the first line.
    expect(
      lines()
        .filter((one) => one.includes('row_'))
        .map((one) => one.slice(-line(0).length)),
    ).toEqual(rows);
  });
}
