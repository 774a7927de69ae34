/** OpenAPI and AsyncAPI of the open interface, made from its schemas. */
import { z } from 'zod';
import { inlineSchema } from '#protocol';
import { Answer, Batch, Lookup, OpenEvent, SocketFrame, Uploaded, Verdict } from './open.schema.js';
import { STREAM_PATH } from './socket.link.js';

type Json = Record<string, unknown>;

const SIGNED = [
  ['hutong-timestamp', 'Seconds since 1970; at most 300 from the hub’s clock'],
  ['hutong-nonce', '8 to 128 letters and digits, never used before'],
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
    code: { type: 'string', maxLength: 3 },
    title: { type: 'string', maxLength: 300 },
    detail: { type: 'string', maxLength: 1000 },
  },
};

export function openInterfaceOpenApi(): Json {
  const problem = { description: 'Refused: the code says why', ...json(Problem) };
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
        'For networks without a public protocol. The webhook and the WebSocket are in the AsyncAPI document.',
    },
    paths: {
      '/open/v1/events': {
        post: {
          summary: 'What your people did, in order; each is stored for good when its verdict says accepted',
          description: inlineSchema(Batch)['description'],
          parameters: headers,
          requestBody: { required: true, ...json(events) },
          responses: {
            200: { description: 'A verdict for each event', ...json(verdicts) },
            default: problem,
          },
        },
      },
      '/open/v1/media': {
        post: {
          summary: 'Hand over a picture, a voice note, a video or a file; then name it in an event',
          description:
            'The body is the content itself. In the signed string its place is taken by `hutong-content-sha256`. Use it soon: what no event names is not kept.',
          parameters: [
            ...headers,
            {
              name: 'hutong-content-sha256',
              in: 'header',
              required: true,
              schema: { type: 'string', pattern: '^[0-9a-f]{64}$' },
            },
            { name: 'name', in: 'query', required: false, schema: { type: 'string', maxLength: 255 } },
          ],
          requestBody: {
            required: true,
            content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
          },
          responses: {
            201: {
              description: 'It is stored',
              content: { 'application/json': { schema: inlineSchema(Uploaded) } },
            },
            default: problem,
          },
        },
      },
      '/open/v1/media/{id}': {
        get: {
          summary: 'The content that an event of the hub names; ranges are served',
          parameters: [
            ...headers,
            { name: 'id', in: 'path', required: true, schema: { type: 'string', maxLength: 64 } },
            { name: 'range', in: 'header', required: false, schema: { type: 'string', maxLength: 100 } },
          ],
          responses: {
            200: { description: 'All of it' },
            206: { description: 'The part that was asked for' },
            416: { description: 'There is no such part' },
            default: problem,
          },
        },
      },
      '/open/v1/people/{address}': {
        get: {
          summary: 'Does this person abroad exist?',
          parameters: [
            ...headers,
            { name: 'address', in: 'path', required: true, schema: { type: 'string', maxLength: 20_000 } },
          ],
          responses: { 200: { description: 'He does' }, default: problem },
        },
      },
      '/open/v1/networks': {
        get: {
          summary: 'The other live networks',
          parameters: headers,
          responses: { 200: { description: 'Their slugs' }, default: problem },
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
        'What the hub tells a network: by signed POST to its webhook, or over the WebSocket that it opens.',
    },
    channels: {
      webhook: {
        address: '{webhook}',
        description:
          'Signed like requests to the hub. At least once: the same id again is the same event. 200 with an Answer, or empty',
        parameters: { webhook: { description: 'The URL that the network gave' } },
        messages: {
          event: message('event', z.object({ event: OpenEvent })),
          lookup: message('lookup', Lookup),
          answer: message('answer', Answer),
        },
      },
      stream: {
        address: STREAM_PATH,
        description:
          'WebSocket, opened with the three signed headers. What was not answered comes again after a reconnect',
        messages: { frame: message('frame', SocketFrame) },
      },
    },
    operations: {
      takeEvent: {
        action: 'receive',
        channel: { $ref: '#/channels/webhook' },
        summary: 'Take an event for one of your people',
      },
      exchange: {
        action: 'receive',
        channel: { $ref: '#/channels/stream' },
        summary: 'The same over one socket, both ways',
      },
    },
  };
}
