/** Nest's NATS transport without Nest's packet around the JSON, so that an adapter in any language can speak to it. */
import { credsAuthenticator } from '@nats-io/transport-node';
import { Transport, type NatsOptions } from '@nestjs/microservices';
import { tlsOptions, type BusTls } from '#bus';
import { jsonIn } from '#protocol';

interface Reply {
  response?: unknown;
  err?: unknown;
}

export function controlTransport(
  url: string,
  creds: string | undefined,
  tls: BusTls | undefined,
): NatsOptions {
  return {
    transport: Transport.NATS,
    options: {
      servers: url.split(','),
      name: 'console-control',
      maxReconnectAttempts: -1,
      ...(tls ? { tls: tlsOptions(tls) } : {}),
      ...(creds ? { authenticator: credsAuthenticator(new TextEncoder().encode(creds)) } : {}),
      deserializer: {
        deserialize: (message: { data: Uint8Array; reply?: string }, options?: Record<string, unknown>) => ({
          id: message.reply,
          pattern: options?.['channel'],
          data: jsonIn(message.data),
        }),
      },
      serializer: {
        serialize: (reply: Reply) => ({
          data: JSON.stringify(
            reply.err === undefined ? reply.response : { code: '96', detail: 'the console could not answer' },
          ),
        }),
      },
    },
  };
}
