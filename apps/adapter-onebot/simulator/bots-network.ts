/** Bots that were written for QQ, each a program of its own that connects to a OneBot 11 implementation. */
import type { SimulatedNetwork } from '#simulators';
import { BotProgram } from './bot-program.js';
import type { BotAccount } from './ids.js';

export interface BotsOptions {
  bots: readonly BotAccount[];
}

export class BotsNetwork implements SimulatedNetwork {
  readonly name = 'bots';
  private readonly programs = new Map<string, BotProgram>();

  /** @param url of the implementation, ws:// or http:// */
  constructor(
    private readonly url: string,
    private readonly options: BotsOptions,
  ) {}

  person(native: string): BotProgram {
    const known = this.programs.get(native);
    if (known) return known;
    const account = this.options.bots.find(({ number }) => number === native);
    if (!account) throw new Error(`no bot has the number ${native}`);
    const program = new BotProgram(account, this.url);
    this.programs.set(native, program);
    return program;
  }

  people(): BotProgram[] {
    return [...this.programs.values()];
  }

  close(): Promise<void> {
    for (const program of this.programs.values()) program.close();
    return Promise.resolve();
  }
}
