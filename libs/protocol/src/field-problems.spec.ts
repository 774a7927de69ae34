/** A sign-on with wrong fields: the refusal names each of them, and says what to do. */
import { levels } from './capabilities.js';
import { LinkRequest, SignOn } from './control.js';
import { network } from './address.js';
import { checkedBody, errorReply, problemOfReply, RequestError, RequestProblem } from './request-error.js';

const good = {
  network: network('north'),
  instance: 'one',
  build: '1',
  capabilities: {
    version: '1',
    language: 'en',
    features: levels(2),
    limits: { textLength: 1000 },
    media: { image: { types: ['image/png'] } },
    ids: 'jid',
    numbersWithout: '86',
    avatars: 'both',
    originalTime: true,
  },
  nativeConnected: true,
};

/** The body with one field replaced; `undefined` removes it. */
function withField(path: string, value: unknown): unknown {
  const body = structuredClone(good) as Record<string, unknown>;
  const names = path.split('.');
  const last = names.pop() ?? '';
  const parent = names.reduce<Record<string, unknown>>(
    (node, name) => (node[name] ??= {}) as Record<string, unknown>,
    body,
  );
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return body;
}

function refusal(body: unknown): RequestProblem {
  try {
    checkedBody(SignOn, body);
  } catch (error) {
    if (error instanceof RequestProblem) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

test('a body that matches is accepted', () => {
  expect(checkedBody(SignOn, good)).toEqual(good);
});

/** Every field of the request that can be wrong. */
const WRONG: [path: string, value: unknown, expected: string | RegExp, got: string, fix: string | RegExp][] =
  [
    ['network', 'No Slug', /\^\[a-z\]/, '"No Slug"', /^correct network/],
    ['instance', undefined, 'a text', 'nothing', 'add instance. Unique id of the adapter process'],
    ['instance', 'x'.repeat(101), 'at most 100 characters', 'a text of 101 characters', /^correct instance/],
    ['build', 3, 'a text', '3', 'correct build. Version of the adapter software'],
    ['nativeConnected', 'yes', 'true or false', '"yes"', /^correct nativeConnected\. true: the adapter/],
    [
      'sharesPartitions',
      'yes',
      'true or false',
      '"yes"',
      /^correct sharesPartitions, or leave it out\. true:/,
    ],
    ['capabilities', undefined, 'an object', 'nothing', 'add capabilities'],
    [
      'capabilities.lateOutcomes',
      5,
      'an object',
      '5',
      /^correct .*lateOutcomes, or leave it out\. The network/,
    ],
    ['capabilities.pairing', 'nfc', 'one of qr', '"nfc"', /^correct capabilities\.pairing, or leave it out/],
    ['capabilities', [], 'an object', 'a list of 0', 'correct capabilities'],
    ['capabilities.version', undefined, 'a text', 'nothing', /^add capabilities\.version\. Changes/],
    ['capabilities.language', 'de', 'one of en, zh', '"de"', /^correct capabilities\.language\. Language/],
    ['capabilities.features', undefined, 'an object', 'nothing', /^add capabilities\.features\. Level/],
    ['capabilities.features.text', 7, 'one of 2, 1, 0, -1, -2', '7', 'correct capabilities.features.text'],
    [
      'capabilities.features.read',
      undefined,
      'one of 2, 1, 0, -1, -2',
      'nothing',
      /^add capabilities\.features\.read/,
    ],
    [
      'capabilities.features.telepathy',
      2,
      /fields of the schema/,
      /^an object with text/ as never,
      /^remove .*telepathy/,
    ],
    ['capabilities.limits', undefined, 'an object', 'nothing', 'add capabilities.limits'],
    [
      'capabilities.limits.textLength',
      -5,
      'more than 0',
      '-5',
      /^correct .*textLength, or leave it out\. Maximum/,
    ],
    ['capabilities.limits.textUnits', 1.5, 'a whole number', '1.5', /^correct .*textUnits, or leave it out/],
    ['capabilities.limits.textBytes', '9', 'a number', '"9"', /leave it out/],
    ['capabilities.limits.editAgeMs', null, 'a number', 'null', /leave it out/],
    ['capabilities.limits.recallAgeMs', 0, 'more than 0', '0', /leave it out/],
    ['capabilities.limits.reactionsPerPerson', {}, 'a number', 'an object with no fields', /leave it out/],
    ['capabilities.limits.replyWindowMs', [1], 'a number', 'a list of 1', /leave it out/],
    ['capabilities.limits.messagesPerWindow', true, 'a number', 'true', /leave it out/],
    ['capabilities.media', 'all', 'an object', '"all"', /leave it out/],
    ['capabilities.media.image', 5, 'an object', '5', /^correct capabilities\.media\.image/],
    ['capabilities.ids', 'any', /^one of exact, /, '"any"', /leave it out\. /],
    ['capabilities.numbersWithout', '+86', /\^\[1-9\]/, '"+86"', /leave it out/],
    ['capabilities.numbersPlus', false, 'one of true', 'false', /leave it out/],
    ['capabilities.avatars', 'all', 'one of both, told, shown', '"all"', /leave it out/],
    ['capabilities.degrades', 1, 'true or false', '1', /leave it out/],
    ['capabilities.originalTime', 1, 'true or false', '1', /leave it out/],
  ];

test.each(WRONG)('%s as %p: path, expected, got, and what to do', (path, value, expected, got, fix) => {
  const { code, fields, field, detail } = refusal(withField(path, value));
  const named = path === 'capabilities.features.telepathy' ? 'capabilities.features' : path;
  expect(code).toBe('30');
  expect(field).toBe(named);
  expect(fields).toEqual([
    {
      path: named,
      expected: typeof expected === 'string' ? expected : (expect.stringMatching(expected) as string),
      got: typeof got === 'string' ? got : (expect.stringMatching(got) as string),
      fix: typeof fix === 'string' ? fix : (expect.stringMatching(fix) as string),
    },
  ]);
  expect(detail).toContain(`${named}: expected`);
});

test('every field of the request is in the table', () => {
  const shapes: [string, object][] = [
    ['', SignOn.shape],
    ['capabilities.', SignOn.shape.capabilities.shape],
    ['capabilities.limits.', SignOn.shape.capabilities.shape.limits.shape],
  ];
  const all = shapes.flatMap(([prefix, shape]) => Object.keys(shape).map((name) => prefix + name));
  const covered = new Set(WRONG.map(([path]) => path));
  expect(all.filter((path) => !covered.has(path))).toEqual([]);
});

test('all errors come at once, also the size of the capabilities', () => {
  const types = Array.from({ length: 42 }, () => 'x'.repeat(100));
  const media = { image: { types }, voice: { types }, video: { types }, file: { types } };
  const capabilities = { ...good.capabilities, language: 'de', media };
  const { fields } = refusal({ ...good, build: 1, nativeConnected: undefined, capabilities });
  expect(fields.map(({ path }) => path)).toEqual([
    'build',
    'capabilities.language',
    'capabilities',
    'nativeConnected',
  ]);
  expect(fields[2]?.expected).toMatch(/^at most 16384 bytes as JSON \(it has 1\d{4}\)/);
});

test('a body that is nothing, and one that is wrong everywhere, are refused within the bounds', () => {
  expect(refusal(undefined).field).toBe('(the whole body)');
  const features = Object.fromEntries(
    Object.keys(good.capabilities.features).map((name) => [name, 'x'.repeat(5000)]),
  );
  const types = Array.from({ length: 30 }, () => 'y'.repeat(9000));
  const capabilities = { ...good.capabilities, features, media: { image: { types } } };
  const reply = errorReply(refusal({ network: 'N'.repeat(9000), capabilities }));
  expect(reply.fields).toHaveLength(20);
  expect(RequestError.parse(reply)).toEqual(reply);
  expect(JSON.stringify(reply).length).toBeLessThan(20_000);
});

test('the caller throws what the handler threw', () => {
  const problem = refusal(withField('build', 3));
  const { code, detail, field, fields } = problemOfReply(RequestError.parse(errorReply(problem)));
  expect({ code, detail, field, fields }).toEqual({
    code: problem.code,
    detail: problem.detail,
    field: problem.field,
    fields: problem.fields,
  });
});

test('keys and grants are not repeated', () => {
  const part = {
    kind: 'external',
    url: 'hub-media:x',
    grant: 'secret-grant',
    seal: { alg: 'x', key: 'secret-key' },
  };
  const thrown = (() => {
    try {
      checkedBody(LinkRequest, { event: 'e'.repeat(27), part });
    } catch (error) {
      return error;
    }
    return undefined;
  })();
  expect(thrown).toBeInstanceOf(RequestProblem);
  expect(JSON.stringify(errorReply(thrown))).not.toContain('secret');
});
