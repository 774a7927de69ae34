/** Asks the console who has a telephone number. */
import { Injectable } from '@nestjs/common';
import { ask, BusConnection } from '#bus';
import { requests, type DirectoryEntry, type E164 } from '#protocol';

const ANSWER_MS = 2000;

@Injectable()
export class DirectoryClient {
  constructor(private readonly link: BusConnection) {}

  /** @throws HubError 91 when no console answers, or the code of its refusal */
  async find(number: E164): Promise<DirectoryEntry> {
    return (await ask(this.link, requests.directory(), { number }, ANSWER_MS)).entry;
  }
}
