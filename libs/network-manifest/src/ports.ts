import { freePort, portNear, type Say } from '#engines';

/** Ports by name: the usual port if it is free, otherwise another one, which is logged. */
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

  /** A port that something else has chosen. */
  take(name: string, port: number): void {
    this.chosen.set(name, port);
  }

  /** @throws Error for a port that was not chosen */
  of(name: string): number {
    const port = this.chosen.get(name);
    if (port === undefined) throw new Error(`no port was chosen for ${name}`);
    return port;
  }
}
