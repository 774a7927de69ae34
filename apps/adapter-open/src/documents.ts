/** OpenAPI and AsyncAPI of the open interface, made from its schemas. */
import { z } from 'zod';
import { inlineSchema } from '#protocol';
import { Answer, Batch, Lookup, OpenEvent, SocketFrame, Uploaded, Verdict } from './open.schema.js';
import { STREAM_PATH } from './open.connection.js';

type Json = Record<string, unknown>;

const SIGNED = [
  ['hutong-timestamp', 'Time of the request in seconds since 1970; at most 300 s from the clock of the hub'],
  ['hutong-nonce', '8 to 128 letters and digits that were not used before'],
  ['hutong-signature', 'v1=<hex of HMAC-SHA-256(key, timestamp.nonce.METHOD.path.body)>'],
] as const;

const headers = SIGNED.map(([name, description]) => ({
  name,
  in: 'header',
  required: true,
  description,
  schema: { type: 'string', maxLength: 200 },
}));

function json(type: Json): Json {
  return { content: { 'application/json': { schema: type } } };
}

const Problem = {
  type: 'object',
  properties: {
    code: { type: 'string', maxLength: 3, description: 'Result code: docs/generated/result-codes.md' },
    title: { type: 'string', maxLength: 300, description: 'Name of the result code' },
    detail: { type: 'string', maxLength: 1000 },
  },
};

const Person = {
  type: 'object',
  properties: {
    address: { type: 'string', maxLength: 20_000 },
    name: {
      type: 'string',
      maxLength: 200,
      description: 'Display name, if the network of the person gives one',
    },
  },
  required: ['address'],
};

const Networks = {
  type: 'object',
  properties: { networks: { type: 'array', maxItems: 1000, items: { type: 'string', maxLength: 31 } } },
  required: ['networks'],
};

const BINARY = { content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } };

/** Errors of every operation, by HTTP status: the result code and its meaning. */
const ERRORS = {
  400: '30: a header, a parameter or the body is malformed',
  401: '31: the signature, the timestamp or the nonce is not valid',
  404: '14 or 15: the person, the network or the attachment does not exist',
  413: '61: the body is larger than the limit',
  429: '65: a rate limit is used up. Send the request again after some seconds, and wait longer each time',
  503: '91: the bus of the hub or the network of the person cannot be reached. Send the request again later',
};

const problems = Object.fromEntries(
  Object.entries(ERRORS).map(([status, description]) => [status, { description, ...json(Problem) }]),
);

export function openInterfaceOpenApi(): Json {
  const events = {
    type: 'object',
    properties: { events: { type: 'array', minItems: 1, maxItems: 100, items: inlineSchema(OpenEvent) } },
  };
  const verdicts = {
    type: 'object',
    properties: { verdicts: { type: 'array', maxItems: 100, items: inlineSchema(Verdict) } },
  };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Hutong open interface',
      version: '1.0.0',
      description:
        'For networks without a public protocol. The webhook and the WebSocket are in the AsyncAPI document. Every request is signed with the three headers `hutong-timestamp`, `hutong-nonce` and `hutong-signature`.',
    },
    tags: [
      { name: 'events', description: 'Events of your network' },
      { name: 'attachments', description: 'Content of pictures, voice notes, videos and files' },
      { name: 'directory', description: 'People of other networks, and the networks' },
    ],
    security: [],
    paths: {
      '/open/v1/events': {
        post: {
          operationId: 'submitEvents',
          tags: ['events'],
          summary: 'Submit events of your people',
          description: `${String(inlineSchema(Batch)['description'])}. An event is stored durably when its verdict says accepted.`,
          parameters: headers,
          requestBody: { required: true, ...json(events) },
          responses: {
            200: { description: 'A verdict for each event, in the order of the request', ...json(verdicts) },
            ...problems,
          },
        },
      },
      '/open/v1/media': {
        post: {
          operationId: 'uploadAttachment',
          tags: ['attachments'],
          summary: 'Upload an attachment',
          description:
            'Stores a picture, voice note, video or file, whose id you then use in an event. The body is the content. The signed string contains `hutong-content-sha256` instead of the body. An attachment that no event uses is deleted.',
          parameters: [
            ...headers,
            {
              name: 'hutong-content-sha256',
              in: 'header',
              required: true,
              description: 'SHA-256 of the body, in hexadecimal',
              schema: { type: 'string', pattern: '^[0-9a-f]{64}$' },
            },
            {
              name: 'name',
              in: 'query',
              required: false,
              description: 'File name',
              schema: { type: 'string', maxLength: 255 },
            },
          ],
          requestBody: {
            required: true,
            content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
          },
          responses: {
            201: {
              description: 'The attachment is stored',
              content: { 'application/json': { schema: inlineSchema(Uploaded) } },
            },
            ...problems,
          },
        },
      },
      '/open/v1/media/{id}': {
        get: {
          operationId: 'downloadAttachment',
          tags: ['attachments'],
          summary: 'Download an attachment',
          description:
            'Returns the content of an attachment in an event of the hub. Range requests are supported.',
          parameters: [
            ...headers,
            {
              name: 'id',
              in: 'path',
              required: true,
              description: 'Id of the attachment, from the event',
              schema: { type: 'string', maxLength: 64 },
            },
            {
              name: 'range',
              in: 'header',
              required: false,
              description: 'Byte range (RFC 9110 §14.2)',
              schema: { type: 'string', maxLength: 100 },
            },
          ],
          responses: {
            200: { description: 'The whole content', ...BINARY },
            206: { description: 'The requested range', ...BINARY },
            416: { description: 'The content has no such range' },
            ...problems,
          },
        },
      },
      '/open/v1/people/{address}': {
        get: {
          operationId: 'findPerson',
          tags: ['directory'],
          summary: 'Look up a person of another network',
          description: 'Checks whether an address exists in its network.',
          parameters: [
            ...headers,
            {
              name: 'address',
              in: 'path',
              required: true,
              description: 'Address: `im:<native id>@<network>`',
              schema: { type: 'string', maxLength: 20_000 },
            },
          ],
          responses: { 200: { description: 'The person exists', ...json(Person) }, ...problems },
        },
      },
      '/open/v1/networks': {
        get: {
          operationId: 'listNetworks',
          tags: ['directory'],
          summary: 'List the other networks',
          description: 'Networks that are live and that your people can write to.',
          parameters: headers,
          responses: { 200: { description: 'Slugs of the networks', ...json(Networks) }, ...problems },
        },
      },
    },
  };
}

export function openInterfaceAsyncApi(): Json {
  const message = (name: string, type: z.ZodType) => ({
    name,
    contentType: 'application/json',
    payload: inlineSchema(type),
  });
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Hutong open interface',
      version: '1.0.0',
      description:
        'What the hub sends to a network: by signed POST to the webhook of the network, or over a WebSocket that the network opens.',
    },
    channels: {
      webhook: {
        address: '{webhook}',
        description:
          'Requests are signed like those to the hub. Delivery is at least once: an event with the same id is the same event. The network answers 200 with an Answer, or with an empty body',
        parameters: { webhook: { description: 'URL of the network (OPEN_WEBHOOK_URL)' } },
        messages: {
          event: message('event', z.object({ event: OpenEvent })),
          lookup: message('lookup', Lookup),
          answer: message('answer', Answer),
        },
      },
      stream: {
        address: STREAM_PATH,
        description:
          'WebSocket, opened with the three signed headers. Requests without an answer are sent again after a reconnect',
        messages: { frame: message('frame', SocketFrame) },
      },
    },
    operations: {
      takeEvent: {
        action: 'receive',
        channel: { $ref: '#/channels/webhook' },
        summary: 'Receive an event for one of your people',
      },
      exchange: {
        action: 'receive',
        channel: { $ref: '#/channels/stream' },
        summary: 'Exchange events in both directions over one WebSocket',
      },
    },
  };
}
