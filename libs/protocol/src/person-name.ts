/**
 * Makes names of people safe to show. A name may try to hide who writes, or to look like a text of the hub. Names are cleaned by
 * this function before an event is published and again before a name is shown, because the other network may be hostile.
 * No I/O.
 */

/** Maximum length of a display name, UTF-16 units, as in the schema of a party. */
export const LONGEST_NAME = 200;
/** How much of a name is read, UTF-16 units: enough for LONGEST_NAME visible units after invisible ones. */
const MOST_READ = 4000;
/** Maximum number of combining marks on one character: more of them would cover the lines around it. */
const MOST_MARKS = 4;

/** Maximum number of cleaning rounds; ordinary names need two. */
const MOST_ROUNDS = 20;

/** Line breaks, tabs, control characters and every kind of space become one space. */
const SPACES = /[\p{Cc}\p{Z}\u2800]+/gu;
/** Scripts in which a joiner or a non-joiner between two letters is spelling. */
const JOINED =
  '\\p{M}\\p{sc=Arab}\\p{sc=Syrc}\\p{sc=Thaa}\\p{sc=Nkoo}\\p{sc=Mong}\\p{sc=Deva}\\p{sc=Beng}\\p{sc=Guru}' +
  '\\p{sc=Gujr}\\p{sc=Orya}\\p{sc=Taml}\\p{sc=Telu}\\p{sc=Knda}\\p{sc=Mlym}\\p{sc=Sinh}\\p{sc=Khmr}\\p{sc=Mymr}';
/** Invisible characters that are part of a visible one: joined emoji, variation selectors, joiners of scripts, flags of regions. */
const NEEDED = [
  '(?<=[\\p{ExtPict}\\p{EMod}\\uFE0F])\\u200D(?=\\p{ExtPict})',
  `(?<=[${JOINED}])[\\u200C\\u200D](?=[${JOINED}])`,
  '(?<=[\\p{ExtPict}0-9#*])[\\uFE0E\\uFE0F]',
  '(?<=\\p{sc=Han})[\\u{E0100}-\\u{E01EF}]',
  '(?<=\\u{1F3F4})[\\u{E0030}-\\u{E0039}\\u{E0061}-\\u{E007A}]{1,7}\\u{E007F}',
].join('|');
/** Format, private and default-ignorable characters, noncharacters, and letters that draw nothing. */
const INVISIBLE = new RegExp(`(${NEEDED})|[\\p{Cf}\\p{Co}\\p{DI}\\p{NChar}\\uFFFC\\u{1D159}]`, 'gu');
const STRAY_MARKS = /(^| )\p{M}+/gu;
const MANY_MARKS = new RegExp(`((?!\\p{VS})\\p{M}){${MOST_MARKS + 1},}`, 'gu');
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** Characters that look like round brackets. */
const OPEN = '(\uFF08\u2768\u276A\u27EE\u2985\u207D\u208D\u2E28\uFD3E\uFE59\uFE35';
const CLOSE = ')\uFF09\u2769\u276B\u27EF\u2986\u207E\u208E\u2E29\uFD3F\uFE5A\uFE36';
const IN_BRACKETS = new RegExp(`[${OPEN}]([^${OPEN}${CLOSE}]*)(?:[${CLOSE}]|$)`, 'gu');
const NETWORK_TAG = /^[a-z][a-z0-9-]{0,30}$/;

/** Cyrillic, Greek and Armenian letters under the Latin letter that each looks like. */
const LOOKALIKES = new Map(
  Object.entries({
    a: 'АΑаᴀαɑ',
    b: 'ВΒ',
    c: 'СϹсϲ',
    d: 'ԁ',
    e: 'ЕΕеє',
    g: 'ɡ',
    h: 'НΗһ',
    i: 'ІΙіıι',
    j: 'Јјϳ',
    k: 'КΚкκ',
    l: 'ӏ',
    m: 'МΜм',
    n: 'Νпη',
    o: 'ОΟоο',
    p: 'РΡрρ',
    q: 'ԛ',
    s: 'Ѕѕ',
    t: 'ТΤтτ',
    u: 'υս',
    v: 'ѵν',
    w: 'Ԝԝω',
    x: 'ХΧхχ',
    y: 'УΥуγ',
    z: 'Ζᴢ',
  }).flatMap(([latin, others]) => Array.from(others, (other) => [other, latin])),
);

/** Names of the hub and of its notices, in the form of `skeleton`. */
const OWN_VOICES = new Set([
  'system',
  'admin',
  'administrator',
  'notice',
  '系统',
  '系统消息',
  '系统通知',
  '管理员',
  '客服',
]);
const OWN_VOICE = /^(?:hutong|互通)/u;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * The cleaned name, at most `most` UTF-16 units long.
 * @returns undefined when there is no name, when it looks blank, or when it imitates the hub; the id is shown then
 */
export function personName(raw: string | undefined, most = LONGEST_NAME): string | undefined {
  const name = cleanedUntilStable(raw ?? '', (text) => cutName(withoutTags(visibleName(text)), most));
  if (name === '' || isOwnVoice(name)) return undefined;
  return name;
}

/** Removes characters that hide text, change the reading direction, break the line or cover other lines. Also for names of the hub. */
export function visibleName(raw: string | undefined): string {
  const name = cleanedUntilStable((raw ?? '').slice(0, MOST_READ).toWellFormed(), (text) =>
    text
      .normalize('NFC')
      .replace(SPACES, ' ')
      .replace(INVISIBLE, (_, needed: string | undefined) => needed ?? '')
      .replace(STRAY_MARKS, '$1')
      .replace(MANY_MARKS, (marks) => Array.from(marks).slice(0, MOST_MARKS).join(''))
      .replace(/ +/g, ' ')
      .trim(),
  );
  return VISIBLE.test(name) ? name : '';
}

/** Repeats the cleaning until nothing changes, since a removal may put characters side by side that must be removed too. */
function cleanedUntilStable(text: string, clean: (text: string) => string): string {
  let before = text;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const after = clean(before);
    if (after === before) return after;
    before = after;
  }
  // Still changing after ROUNDS rounds: no real name does.
  return '';
}

/** Cuts a name between graphemes. @param mark appended to a name that was cut */
export function cutName(name: string, most: number, mark = ''): string {
  if (name.length <= most) return name;
  let cut = '';
  for (const { segment } of graphemes.segment(name)) {
    if (cut.length + segment.length > most - mark.length) break;
    cut += segment;
  }
  return cut.trimEnd() + mark;
}

/** The hub shows a person of WeChat as "Amy (wechat)": in a name itself, such brackets are replaced. */
function withoutTags(name: string): string {
  return name.replace(IN_BRACKETS, (whole, inside: string) =>
    NETWORK_TAG.test(skeleton(inside)) ? `‹${inside.trim()}›` : whole,
  );
}

function isOwnVoice(name: string): boolean {
  const bare = skeleton(name).replace(/[^\p{L}\p{N}]/gu, '');
  return OWN_VOICES.has(bare) || OWN_VOICE.test(bare);
}

/** The look of a name: lookalike letters, case, width and marks make no difference. */
function skeleton(text: string): string {
  const letters = text.trim().normalize('NFKD').replace(/\p{M}/gu, '');
  return Array.from(letters, (letter) => LOOKALIKES.get(letter) ?? letter)
    .join('')
    .toLowerCase();
}
