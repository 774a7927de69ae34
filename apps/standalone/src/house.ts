/** What a network needs to move in: a folder, ports, secrets, somebody who keeps its processes running. */
import { freePort, portNear, type Say } from '#engines';
import type { Secrets } from './secrets.js';
import type { StandaloneFile } from './standalone-file.js';
import type { Supervisor } from './supervisor.js';

export interface House {
  readonly folder: string;
  readonly say: Say;
  readonly secrets: Secrets;
  readonly supervisor: Supervisor;
  readonly ports: Ports;
  /** Every network that lives here. */
  readonly slugs: string[];
}

/** One network of a standalone installation. A new one is a file in `residents/` and a line in `residents/index.ts`. */
export interface Resident {
  readonly slug: string;
  readonly name: string;
  /** Starts its server or simulator. @returns false when it cannot be had on this machine, which it says itself */
  open(house: House): Promise<boolean>;
  /** Starts its adapter. */
  join(house: House, common: NodeJS.ProcessEnv & { NATS_URL: string; NATS_CREDS: string }): Promise<void>;
  /** Does its adapter wait for somebody who is not here yet? */
  readonly waits?: boolean;
  people(house: House): Account[];
  /** How somebody abroad is written to from this network. */
  ghostOf(house: House, foreign: Account): string;
  /** Its part of data/standalone.json. */
  describe(house: House, common: Described): StandaloneFile['networks'];
}

export interface Account {
  address: string;
  native: string;
  password: string;
  /** Stands for the native id on the terminal phone. */
  word?: string;
}

export interface Described {
  accounts: Account[];
  ghostOf: Record<string, string>;
}

/** Ports by name: the usual one if it is free, else another, and that is said. */
export class Ports {
  private readonly chosen = new Map<string, number>();

  constructor(private readonly say: Say) {}

  async choose(name: string, usual: number): Promise<number> {
    const known = this.chosen.get(name);
    if (known !== undefined) return known;
    const port =
      process.env['HUTONG_PORTS'] === 'any'
        ? await freePort()
        : await portNear(usual, (taken, instead) =>
            this.say(`port ${taken} (${name}) is taken; using ${instead}`),
          );
    this.chosen.set(name, port);
    return port;
  }

  /** One that is not ours to choose. */
  take(name: string, port: number): void {
    this.chosen.set(name, port);
  }

  /** @throws Error for a port that nobody chose */
  of(name: string): number {
    const port = this.chosen.get(name);
    if (port === undefined) throw new Error(`no port was chosen for ${name}`);
    return port;
  }
}
