/** Generates documents from this library for docs/generated: JSON Schema, AsyncAPI, result codes. */
import { z } from 'zod';
import { HEARTBEAT_MS } from './liveness.js';
import { DeadLetter, MediaRequest } from './control.js';
import { RegistryEntry } from './registry-entries.js';
import { EVENT_SCHEMAS, HubEvent, Outcome, type EventKind } from './events.js';
import { RequestError } from './request-error.js';
import { requests, type BusRequest } from './requests.js';
import { RESULTS, RESULT_CODES } from './results.js';
import { ANY } from './subjects.js';

type Json = Record<string, unknown>;

/** Draft 2020-12, every named type under $defs. */
export function jsonSchema(): Json {
  const {
    $schema: _schema,
    $defs,
    ...root
  } = z.toJSONSchema(HubEvent, { target: 'draft-2020-12', io: 'input' }) as Json;
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://hutong.im/schema/event-v1.json',
    title: 'Hutong event',
    ...root,
    $defs,
  };
}

interface ChannelSpec {
  address: string;
  says: string;
  schemas: Record<string, z.ZodType>;
  parameters: string[];
}

const durable = Object.fromEntries(
  (Object.keys(EVENT_SCHEMAS) as EventKind[])
    .filter((kind) => kind !== 'typing' && kind !== 'presence')
    .map((kind) => [kind, EVENT_SCHEMAS[kind]]),
);
const ephemeral = { typing: EVENT_SCHEMAS.typing, presence: EVENT_SCHEMAS.presence };

/** A request of adapters, or to them: its body, its answer, and the error that can be sent in place of the answer. */
function request<Body, Answer>(
  { subject, body, answer }: BusRequest<Body, Answer>,
  says: string,
): ChannelSpec {
  return {
    address: subject.replace(ANY, '{network}'),
    says,
    schemas: named(body, answer, RequestError),
    parameters: ['network'],
  };
}

/** Schemas by their ids: `SignOn` as `signOn`. */
function named(...schemas: z.ZodType[]): Record<string, z.ZodType> {
  return Object.fromEntries(
    schemas.map((schema) => {
      const id = z.globalRegistry.get(schema)?.id ?? '';
      return [id.charAt(0).toLowerCase() + id.slice(1), schema];
    }),
  );
}

const CHANNELS: Record<string, ChannelSpec> = {
  in: {
    address: 'hub.in.{network}.{lane}',
    says: 'An adapter publishes what happened in its network (JetStream; Nats-Msg-Id: an id of your own for the event)',
    schemas: durable,
    parameters: ['network', 'lane'],
  },
  out: {
    address: 'hub.out.{network}.{lane}',
    says: 'An adapter consumes what its network is to be told (durable consumer adapter-{network})',
    schemas: durable,
    parameters: ['network', 'lane'],
  },
  report: {
    address: 'hub.report.{network}',
    says: 'What became of an event (JetStream)',
    schemas: { outcome: Outcome },
    parameters: ['network'],
  },
  dead: {
    address: 'hub.dead.{network}',
    says: 'Dead letters (JetStream)',
    schemas: { deadLetter: DeadLetter },
    parameters: ['network'],
  },
  signalIn: {
    address: 'hub.signal.in.{network}',
    says: 'Typing and presence from a network (core NATS)',
    schemas: ephemeral,
    parameters: ['network'],
  },
  signalOut: {
    address: 'hub.signal.out.{network}',
    says: 'Typing and presence to a network (core NATS)',
    schemas: ephemeral,
    parameters: ['network'],
  },
  signon: request(
    requests.signOn(ANY),
    `Sign on, and every ${HEARTBEAT_MS / 1000} s hub.control.heartbeat.{network} with the same body (request/reply)`,
  ),
  signoff: request(requests.signOff(ANY), 'Sign off (request/reply)'),
  resolve: request(
    requests.resolve(ANY),
    'Ask whether a remote subscriber exists, or who has a number (request/reply)',
  ),
  link: request(
    requests.link(ANY),
    'Ask for a link to an attachment that the network cannot show (request/reply)',
  ),
  renew: request(requests.renew(ANY), 'Renew the bus credentials (request/reply)'),
  media: {
    address: 'hub.control.media.{network}',
    says: 'Read a block of an attachment; the reply is the block, or an error in JSON (request/reply)',
    schemas: named(MediaRequest, RequestError),
    parameters: ['network'],
  },
  ask: request(
    requests.askResolve(ANY),
    'The switch asks an adapter whether its subscriber exists (request/reply)',
  ),
  pair: request(
    requests.askPair(ANY),
    'The console asks an adapter for a QR code with which a person pairs a contact (request/reply)',
  ),
  registry: {
    address: '$KV.registry.entry.>',
    says: 'The registry, one versioned entry per network and kind',
    schemas: { entry: RegistryEntry },
    parameters: [],
  },
};

const PARAMETERS: Record<string, Json> = {
  network: { description: 'Slug of a member network' },
  lane: {
    description:
      'Lane 0-7 of the conversation (direct or group): FNV-1a of the conversation id, modulo 8. Of an event from a network also its id, by which the network then reads it',
  },
};

export function asyncApi(): Json {
  const messages: Json = {};
  const schemas: Json = {};
  const channels: Json = {};
  const operations: Json = {};
  for (const [name, spec] of Object.entries(CHANNELS)) {
    const refs: Json = {};
    for (const [message, schema] of Object.entries(spec.schemas)) {
      schemas[message] = inlineSchema(schema);
      messages[message] = {
        name: message,
        contentType: 'application/json',
        payload: { $ref: `#/components/schemas/${message}` },
      };
      refs[message] = { $ref: `#/components/messages/${message}` };
    }
    const parameters = Object.fromEntries(
      spec.parameters.map((parameter) => [parameter, PARAMETERS[parameter]]),
    );
    channels[name] = {
      address: spec.address,
      description: spec.says,
      messages: refs,
      ...(spec.parameters.length ? { parameters } : {}),
    };
    operations[name] = {
      action: ['out', 'signalOut', 'ask', 'pair', 'registry'].includes(name) ? 'receive' : 'send',
      channel: { $ref: `#/channels/${name}` },
      summary: spec.says,
    };
  }
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Hutong bus',
      version: '1.0.0',
      description:
        'What an adapter, in any language, publishes and consumes. Operations are seen from the adapter.',
    },
    channels,
    operations,
    components: { messages, schemas },
  };
}

/** AsyncAPI 3 payloads are draft-07 supersets; definitions are inlined so that each payload stands alone. */
export function inlineSchema(schema: z.ZodType): Json {
  const {
    $schema: _schema,
    id: _id,
    ...rest
  } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input', reused: 'inline' }) as Json;
  return flatten(rest, (rest['definitions'] ?? {}) as Record<string, Json>) as Json;
}

/** The name of a schema. A property may be called `id`, too: it has a schema, not a string. */
function isSchemaId(key: string, value: unknown): boolean {
  return (key === 'id' || key === '$id') && typeof value === 'string';
}

function flatten(node: unknown, definitions: Record<string, Json>): unknown {
  if (Array.isArray(node)) return node.map((item) => flatten(item, definitions));
  if (node === null || typeof node !== 'object') return node;
  const ref = (node as Json)['$ref'];
  if (typeof ref === 'string')
    return flatten(definitions[ref.replace('#/definitions/', '')] ?? {}, definitions);
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key, value]) => key !== 'definitions' && !isSchemaId(key, value))
      .map(([key, value]) => [key, flatten(value, definitions)]),
  );
}

export function resultCodesPage(): string {
  const rows = RESULT_CODES.map((code) => {
    const entry = RESULTS[code];
    return `| ${code} | ${entry.name} | ${entry.class} | ${entry.http} | ${entry.bus} | ${entry.subscriber.en} | ${entry.subscriber.zh} | ${entry.operator} |`;
  });
  return [
    '# Result codes',
    '',
    'Generated from `libs/protocol/src/results.ts` by `npm run docs`.',
    '',
    '| code | name | class | HTTP | bus | the subscriber reads | 用户看到 | the operator reads |',
    '|---|---|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
