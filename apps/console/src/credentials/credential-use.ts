/** Records time and address of the last use of each bus credential, from connection events of nats-server on the system account. */
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { z } from 'zod';
import { parseJson } from '#protocol';
import { ConsoleBus } from '../core/console-bus.js';
import { CredentialsRepository } from './credentials.repository.js';

/** Fields of the `client_connect` and `client_disconnect` advisories of nats-server. */
const Connection = z.object({
  client: z.object({ user: z.string().max(4000), host: z.string().max(100).optional() }),
});

@Injectable()
export class CredentialUse implements OnApplicationBootstrap {
  constructor(
    private readonly bus: ConsoleBus,
    private readonly credentials: CredentialsRepository,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.bus.accounts.onConnection((data) => this.note(data));
  }

  private async note(data: Uint8Array): Promise<void> {
    const connection = Connection.safeParse(parseJson(data));
    if (!connection.success) return;
    const { user, host } = connection.data.client;
    await this.credentials.used(user, host ?? null);
  }
}
