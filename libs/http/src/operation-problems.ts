/**
 * Adds the problem types of each operation to the OpenAPI document. Most follow from the operation: whether it needs an API key,
 * has a body, a path parameter or `If-Match`. A route names the others with `@Problems`. The tests fail (`ConsoleFixture`) if an
 * answer has a problem type that its operation does not name.
 */
import { ApiExtension, type OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { Problem } from './problem.js';
import { PROBLEM_KINDS, PROBLEMS, problemUri, type ProblemKind } from './problems.js';

export const PROBLEM_TYPES = 'x-problem-types';
/** Problem types of a route that do not follow from its method, parameters and body. */
export const Problems = (...kinds: ProblemKind[]): MethodDecorator => ApiExtension(PROBLEM_TYPES, kinds);

type ComponentsObject = NonNullable<OpenAPIObject['components']>;
type SchemaObject = NonNullable<ComponentsObject['schemas']>[string];
type ResponseObject = NonNullable<ComponentsObject['responses']>[string];
type HeaderObject = NonNullable<ComponentsObject['headers']>[string];

interface Operation {
  security?: object[];
  requestBody?: unknown;
  parameters?: { name: string; in: string }[];
  responses: Record<string, unknown>;
  [PROBLEM_TYPES]?: ProblemKind[];
}

const CONTENT_TYPE = 'application/problem+json';
const SCHEMA = { $ref: '#/components/schemas/Problem' };

/** Response headers, by status. */
const HEADERS: Partial<Record<number, Record<string, HeaderObject>>> = {
  401: {
    'WWW-Authenticate': {
      description: 'How to authenticate (RFC 9110 §11.6.1)',
      schema: { type: 'string', maxLength: 200 },
      example: 'Bearer realm="hutong"',
    },
  },
  429: {
    'Retry-After': {
      description: 'Seconds to wait before the next request',
      schema: { type: 'integer', minimum: 0, maximum: 86_400 },
      example: 60,
    },
  },
};

export function withProblems(document: OpenAPIObject): OpenAPIObject {
  const responses: NonNullable<ComponentsObject['responses']> = {};
  for (const [path, item] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(item as Record<string, Operation>)) {
      const kinds = kindsOf(path, method, operation);
      operation[PROBLEM_TYPES] = kinds;
      // OpenAPI has one response for each status: problem types with the same status share it.
      for (const [status, among] of Map.groupBy(kinds, (kind) => PROBLEMS[kind].status)) {
        // The route describes this response itself.
        if (operation.responses[status] !== undefined) continue;
        const name = among.join('-or-');
        responses[name] = responseOf(among);
        operation.responses[status] = { $ref: `#/components/responses/${name}` };
      }
    }
  const components = document.components ?? {};
  return {
    ...document,
    components: {
      ...components,
      schemas: { ...components.schemas, Problem: schemaOfProblem() },
      responses: { ...components.responses, ...responses },
    },
  };
}

function kindsOf(path: string, method: string, operation: Operation): ProblemKind[] {
  const { security = [], requestBody, parameters = [], [PROBLEM_TYPES]: declared = [] } = operation;
  const kinds = new Set<ProblemKind>(declared);
  const add = (when: boolean, ...more: ProblemKind[]): void => {
    if (when) for (const kind of more) kinds.add(kind);
  };
  add(true, 'internal');
  add(path.startsWith('/v1/'), 'invalid', 'unavailable');
  add(security.length > 0, 'unauthenticated', 'forbidden', 'too-many-requests');
  // A body can name a resource as well: a network, a person, a record.
  add(path.includes('{') || requestBody !== undefined, 'not-found');
  add(path === '/healthz/ready', 'unavailable');
  add(method !== 'get', 'conflict', 'too-large');
  add(requestBody !== undefined, 'unsupported-media-type');
  add(
    parameters.some(({ name }) => name === 'If-Match'),
    'version-mismatch',
    'version-required',
  );
  return PROBLEM_KINDS.filter((kind) => kinds.has(kind));
}

function responseOf(kinds: ProblemKind[]): ResponseObject {
  const headers = HEADERS[PROBLEMS[kinds[0] ?? 'internal'].status];
  const examples = kinds.map((kind) => {
    const { title, status, text } = PROBLEMS[kind];
    return [
      kind,
      { summary: title, value: { type: problemUri(kind), title, status, detail: text } },
    ] as const;
  });
  return {
    description: kinds
      .map((kind) => {
        const { title, text, action } = PROBLEMS[kind];
        return `${title} (\`${problemUri(kind)}\`). ${text} ${action}`;
      })
      .join('\n\n'),
    ...(headers ? { headers } : {}),
    content: { [CONTENT_TYPE]: { schema: SCHEMA, examples: Object.fromEntries(examples) } },
  };
}

function schemaOfProblem(): SchemaObject {
  const { $defs } = z.toJSONSchema(Problem, { io: 'output' });
  const { id: _id, ...schema } = { ...$defs?.['Problem'] };
  return schema as SchemaObject;
}
