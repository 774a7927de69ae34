/** What is wrong with the fields of a request: for each field its path, what is expected, what was sent, and what to do. */
import { z } from 'zod';

/** Maximum number of fields that one reply names. */
export const MOST_FIELDS = 20;
const MOST_PATH = 200;
const MOST_TEXT = 300;
/** Characters of a value that are repeated. */
const MOST_GOT = 60;
/** Fields whose values are never repeated. */
const SECRET = /(^|\.)(key|grant|jwt)$/;

export const FieldProblem = z
  .object({
    path: z.string().max(MOST_PATH).describe('Path of the field, such as capabilities.limits.textLength'),
    expected: z.string().max(MOST_TEXT),
    got: z.string().max(MOST_TEXT).describe('What was sent, shortened'),
    fix: z.string().max(MOST_TEXT).describe('What to do'),
  })
  .meta({ id: 'FieldProblem', description: 'A field of a request that does not match its schema' });
export type FieldProblem = z.infer<typeof FieldProblem>;

type Issue = z.core.$ZodIssue;
type Schema = z.core.$ZodType;

/** All fields of a body that do not match the schema, the first `MOST_FIELDS` of them. */
export function fieldProblems(schema: z.ZodType, error: z.ZodError, body: unknown): FieldProblem[] {
  return error.issues.slice(0, MOST_FIELDS).map((issue) => fieldProblem(schema, issue, body));
}

/** One line: `capabilities.version: expected a text, got nothing`. */
export function inOneLine({ path, expected, got }: FieldProblem): string {
  return `${path}: expected ${expected}, got ${got}`;
}

export function fieldProblem(schema: z.ZodType, issue: Issue, body: unknown): FieldProblem {
  const path = issue.path.map(String).join('.') || '(the whole body)';
  const value = valueAt(body, issue.path);
  const about = schemaAt(schema, issue.path);
  return {
    path: cut(path, MOST_PATH),
    expected: cut(expectedBy(issue), MOST_TEXT),
    got: cut(described(value, path), MOST_TEXT),
    fix: cut(fixOf(issue, path, value, about), MOST_TEXT),
  };
}

const TYPES: Partial<Record<string, string>> = {
  string: 'a text',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  array: 'a list',
};

const UNITS: Partial<Record<string, string>> = { string: ' characters', array: ' entries' };

function expectedBy(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected] ?? issue.expected;
    case 'too_big':
      return `at most ${issue.maximum}${UNITS[issue.origin] ?? ''}`;
    case 'too_small':
      return `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${UNITS[issue.origin] ?? ''}`;
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_format':
      return issue.pattern === undefined ? issue.format : `${issue.format} ${issue.pattern}`;
    case 'unrecognized_keys':
      return 'only the fields of the schema';
    case 'custom':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'not_multiple_of':
      return issue.message;
  }
}

function fixOf(issue: Issue, path: string, value: unknown, about: About): string {
  const meaning = about.description === undefined ? '' : `. ${about.description}`;
  if (issue.code === 'unrecognized_keys')
    return `remove ${issue.keys.map((key) => `${path}.${key}`).join(', ')}`;
  if (value === undefined) return `add ${path}${meaning}`;
  return `correct ${path}${about.isOptional ? ', or leave it out' : ''}${meaning}`;
}

function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (isRecord(value) ? value[key as string] : undefined), body);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Values of lists and objects are not repeated: they can be large, and can contain secrets. */
function described(value: unknown, path: string): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isRecord(value)) return `an object with ${Object.keys(value).slice(0, 20).join(', ') || 'no fields'}`;
  if (typeof value === 'string' && (SECRET.test(path) || value.length > MOST_GOT))
    return `a text of ${value.length} characters`;
  return JSON.stringify(value);
}

interface About {
  description: string | undefined;
  isOptional: boolean;
}

/** What the schema says of the field. */
function schemaAt(schema: Schema, path: readonly PropertyKey[]): About {
  let current: Schema | undefined = schema;
  for (const key of path) current = current && below(opened(current).schema, key);
  if (!current) return { description: undefined, isOptional: false };
  const { description, isOptional } = opened(current);
  return { description, isOptional };
}

function below(schema: Schema, key: PropertyKey): Schema | undefined {
  const { def } = schema._zod as { def: z.core.$ZodTypes['_zod']['def'] };
  if (def.type === 'object') return def.shape[key as string];
  if (def.type === 'record') return def.valueType;
  return def.type === 'array' ? def.element : undefined;
}

/** The schema inside `optional` and `nullable`, and the description that is nearest to the field. */
function opened(schema: Schema): About & { schema: Schema } {
  const { def } = schema._zod as { def: z.core.$ZodTypes['_zod']['def'] };
  const description = z.globalRegistry.get(schema)?.description;
  if (def.type !== 'optional' && def.type !== 'nullable' && def.type !== 'default')
    return { schema, description, isOptional: false };
  const inner = opened(def.innerType);
  return { schema: inner.schema, description: description ?? inner.description, isOptional: true };
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
