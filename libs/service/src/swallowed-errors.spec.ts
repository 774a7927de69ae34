/**
 * Reads the source of every app and library, and finds no place where an error can disappear, or where it would end a timer, a
 * watcher or a subscription. What a linter sees with types (a promise that is not awaited, `void`) is in .oxlintrc.json.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** The wrapper itself, and the simulators' own: there an error becomes a log line. */
const WRAPPERS = ['libs/service/src/background.ts', 'libs/simulators/src/in-background.ts'];
/**
 * Stand alone by a rule of the linter, and so have no wrapper: their callbacks must not throw by themselves. In a browser an error
 * of a timer ends nothing.
 */
const WITHOUT_WRAPPER =
  /^libs\/(simulators|engines|certification|adapter-contract|protocol)\/|^apps\/adapter-\w+\/simulator\/|^apps\/(phones\/)?web\//;
/** A simulated platform repeats a call that is not answered, like the real platform. */
const SIMULATED = /^libs\/simulators\/|^apps\/adapter-\w+\/simulator\/|\/simulated-account\.ts$/;
/** Clients of people are a part of the tests. */
const TESTS =
  /spec\.ts$|\.plays\.ts$|\/testing\/|\/test\/|\.d\.ts$|^libs\/phones\/|^apps\/adapter-\w+\/phone\//;
const TIMERS = ['setInterval', 'setImmediate', 'setTimeout'];

interface Finding {
  rule: string;
  at: string;
}

function findings(path: string, text: string): Finding[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: Finding[] = [];
  const note = (rule: string, node: ts.Node): void => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    found.push({ rule, at: `${path}:${line + 1}` });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isCatchClause(node)) {
      if (node.block.statements.length === 0) note('an empty catch block', node);
      else if (!usesItsError(node) && !throwsAlways(node.block)) note('a catch of any error', node);
    }
    if (ts.isCallExpression(node)) {
      if (isMethod(node, 'catch') && isConstant(node.arguments[0])) note('.catch of a constant', node);
      if (isMethod(node, 'then') && isConstant(node.arguments[1])) note('.then with a constant', node);
      if (isMethod(node, 'then') && ts.isExpressionStatement(node.parent))
        note('a .then that nobody awaits', node);
      const [callback] = node.arguments;
      if (TIMERS.includes(node.expression.getText()) && isOwnFunction(callback))
        note('a timer that can throw', node);
    }
    if (
      ts.isPropertyAssignment(node) &&
      node.name.getText() === 'callback' &&
      isOwnFunction(node.initializer)
    )
      note('a subscription that can throw', node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found.filter(
    ({ rule }) =>
      !(WITHOUT_WRAPPER.test(path) && /timer|subscription/.test(rule)) &&
      !(SIMULATED.test(path) && rule === 'a catch of any error') &&
      !WRAPPERS.includes(path),
  );
}

function isMethod({ expression }: ts.CallExpression, name: string): boolean {
  return ts.isPropertyAccessExpression(expression) && expression.name.text === name;
}

/** A function that looks at no error and gives something that was known before. */
function isConstant(handler: ts.Expression | undefined): boolean {
  if (!handler || !isFunction(handler)) return false;
  if (handler.parameters.length > 0) return false;
  const { body } = handler;
  if (ts.isBlock(body)) return body.statements.length === 0;
  let value: ts.Expression = body;
  while (ts.isParenthesizedExpression(value) || ts.isAsExpression(value)) value = value.expression;
  return (
    ts.isIdentifier(value) ||
    ts.isLiteralExpression(value) ||
    ts.isObjectLiteralExpression(value) ||
    ts.isArrayLiteralExpression(value) ||
    ts.isVoidExpression(value) ||
    [ts.SyntaxKind.NullKeyword, ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword].includes(value.kind)
  );
}

function isFunction(node: ts.Node): node is ts.ArrowFunction | ts.FunctionExpression {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node);
}

/** Written in place, and more than the answer of a promise or the end of a socket. */
function isOwnFunction(callback: ts.Expression | undefined): boolean {
  return callback !== undefined && isFunction(callback) && !isHarmless(callback.body);
}

/** `reject(new Error(...))`, `socket.destroy()`, `controller.abort()`, `process.exit(1)`: they throw nothing. */
function isHarmless(body: ts.ConciseBody): boolean {
  return (
    ts.isCallExpression(body) &&
    /(^|[.])(resolve|reject|destroy|abort|exit|kill|unsubscribe)$/.test(body.expression.getText())
  );
}

function usesItsError({ variableDeclaration, block }: ts.CatchClause): boolean {
  const name = variableDeclaration?.name.getText();
  return name !== undefined && new RegExp(`\\b${name.replace(/[{}\s]/g, '')}\\b`).test(block.getText());
}

function throwsAlways({ statements }: ts.Block): boolean {
  const last = statements.at(-1);
  return last !== undefined && ts.isThrowStatement(last);
}

function sources(): string[] {
  return ['apps', 'libs'].flatMap((root) =>
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .map((file) => join(root, file))
      .filter((file) => file.endsWith('.ts') && !TESTS.test(file) && !file.includes('node_modules')),
  );
}

describe('no error disappears', () => {
  it('in any source file of the apps and libraries', () => {
    const files = sources();
    expect(files.length).toBeGreaterThan(300);
    expect(files.flatMap((file) => findings(file, readFileSync(file, 'utf8')))).toEqual([]);
  });

  it.each([
    ['.catch of a constant', 'work().catch(() => undefined);'],
    ['.catch of a constant', 'await work().catch(() => ({ width: 0 }));'],
    ['.catch of a constant', 'await work().catch(() => {});'],
    ['.then with a constant', 'await work().then(go, () => null);'],
    ['a .then that nobody awaits', 'work().then(go, complain);'],
    ['an empty catch block', 'try { work(); } catch {}'],
    ['an empty catch block', 'try { work(); } catch (error) { /* it happens */ }'],
    ['a catch of any error', 'try { work(); } catch { return false; }'],
    ['a timer that can throw', 'setInterval(() => this.look(), 1000);'],
    ['a subscription that can throw', 'nc.subscribe(subject, { callback: (error, m) => take(m) });'],
  ])('would find %s: %s', (rule, text) => {
    expect(findings('apps/x.ts', text)).toEqual([{ rule, at: 'apps/x.ts:1' }]);
  });

  it.each([
    'work().catch((error) => log.warn({ err: error }));',
    'try { parse(); } catch (error) { if (error instanceof SyntaxError) return false; throw error; }',
    "try { parse(); } catch { throw new HubError('30', 'no JSON'); }",
    "setInterval(guarded('look', log, () => this.look()), 1000);",
    'setTimeout(resolve, ms);',
  ])('finds nothing in: %s', (text) => {
    expect(findings('apps/x.ts', text)).toEqual([]);
  });
});
