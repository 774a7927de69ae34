/** Who reads a stream, and whether their session or key can still be used. */
import { Inject, Injectable } from '@nestjs/common';
import type { ApiKeyRow } from '#database';
import { ApiKeysRepository } from '../access/api-keys.repository.js';
import { SessionsService } from '../access/sessions.service.js';
import { CLOCK, type Clock } from '../core/clock.js';
import type { EventReader } from './event-stream.js';

@Injectable()
export class EventReaders {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly sessions: SessionsService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @param token of the session; undefined: the caller has an API key. An open stream does not keep a session open */
  of({ personId, role, network, hash }: ApiKeyRow, token: string | undefined): EventReader {
    return {
      person: personId,
      role,
      network,
      mayGoOn: () => (token === undefined ? this.isUsable(hash) : this.sessions.isOpen(token)),
    };
  }

  private async isUsable(hash: string): Promise<boolean> {
    const key = await this.keys.findUsable(hash);
    return key !== null && (key.expiresAt === null || key.expiresAt > this.clock());
  }
}
