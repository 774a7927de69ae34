/** Asks the console who has a telephone number. */
import { Injectable } from '@nestjs/common';
import { ask, BusConnection } from '#bus';
import {
  DirectoryReply,
  HubError,
  subjects,
  type DirectoryEntry,
  type DirectoryRequest,
  type E164,
} from '#protocol';

const ANSWER_MS = 2000;

@Injectable()
export class DirectoryClient {
  constructor(private readonly link: BusConnection) {}

  /** @throws HubError 91 when no console answers, or the code of its refusal */
  async find(number: E164): Promise<DirectoryEntry> {
    const request: DirectoryRequest = { number };
    const reply = await ask(this.link, subjects.directory, request, DirectoryReply, ANSWER_MS);
    const { code, entry, detail } = reply;
    if (!entry) throw new HubError(code === '00' ? '96' : code, detail ?? 'the directory has no answer');
    return entry;
  }
}
