/** Every reason that the certifier can give has a Chinese one. The reasons are read from its code. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { faultsOfTexts } from '../../../text/text-set';
import { reasonInChinese } from './reasons';
import { reasonTexts } from './text';

const FOLDER = join(import.meta.dirname, '..', '..', '..', '..', '..', '..', 'libs', 'certification', 'src');

/** Which argument of these calls is words that a report can have. */
const WORDS: Record<string, number> = {
  CaseFailed: 0,
  must: 1,
  shownOnce: 1,
  notShown: 1,
  until: 0,
  asked: 1,
  none: 1,
};

/** Text of an expression, with "a1" for each value that is put in. */
function samplesOf(words: ts.Expression): string[] {
  if (ts.isStringLiteralLike(words)) return [words.text];
  if (ts.isTemplateExpression(words))
    return [words.head.text + words.templateSpans.map(({ literal }) => `a1${literal.text}`).join('')];
  if (ts.isConditionalExpression(words)) return [...samplesOf(words.whenTrue), ...samplesOf(words.whenFalse)];
  if (ts.isBinaryExpression(words)) return [...samplesOf(words.left), ...samplesOf(words.right)];
  // A variable: its words are those of the calls that pass them on.
  return [];
}

function reasonsIn(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
      const name = node.expression.getText().split('.').at(-1) ?? '';
      const words = Object.hasOwn(WORDS, name) ? node.arguments?.[WORDS[name] ?? 0] : undefined;
      if (words) found.push(...samplesOf(words));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const reasons = globSync('**/*.ts', { cwd: FOLDER })
  .filter((file) => !file.endsWith('.spec.ts'))
  .flatMap((file) => reasonsIn(join(FOLDER, file)));

it('no reason of the certifier is without a Chinese one', () => {
  expect(reasons).toContain('it was shown a1 times');
  expect(reasons.length).toBeGreaterThan(50);
  expect(reasons.filter((reason) => reasonInChinese(reason) === undefined)).toEqual([]);
});

it('both languages have the same values put in', () => expect(faultsOfTexts(reasonTexts)).toEqual([]));

it.each([
  ['no adapter is signed on', '没有适配器登入'],
  ['the outcome of abc did not arrive within 10 s', 'abc 的结果未在 10 秒内到达'],
  [
    'event x1: expected delivered with 00, reported was failed with 14',
    '事件 x1：应为 delivered 与 00，上报的是 失败 与 14',
  ],
  ['shown more than once: number 3, 4 of 20', '显示多于一次：20 条中的第 3, 4 条'],
  ['a reason of the year 2040', undefined],
])('"%s" is "%s"', (reason, chinese) => expect(reasonInChinese(reason)).toBe(chinese));
