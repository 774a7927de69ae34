/** Net::SMPP in a process of its own, as one end of a link. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { NetSmppPaths } from '#engines';

const SCRIPT = join(import.meta.dirname, 'net-smpp.pl');

/** A PDU as the library read it. Texts are hexadecimal. */
export type PerlPdu = Partial<Record<string, string | number>> & { command: string };

export interface PerlLink {
  role: 'esme' | 'smsc';
  port: number;
  systemId: string;
  password: string;
  kind?: 'transceiver' | 'transmitter' | 'receiver';
}

export class PerlPeer {
  readonly pdus: PerlPdu[] = [];
  private waiting: (() => void)[] = [];
  private errors = '';
  private isGone = false;

  private constructor(private readonly child: ChildProcessWithoutNullStreams) {
    createInterface(child.stdout).on('line', (line) => {
      this.pdus.push(JSON.parse(line) as PerlPdu);
      this.wake();
    });
    child.stderr.on('data', (bytes: Buffer) => (this.errors += bytes.toString()));
    child.stdin.on('error', () => undefined);
    child.once('close', () => {
      this.isGone = true;
      this.wake();
    });
  }

  static start(
    { program, args }: NetSmppPaths,
    { role, port, systemId, password, kind = 'transceiver' }: PerlLink,
  ): PerlPeer {
    const words = [...args, SCRIPT, role, String(port), systemId, password, kind];
    return new PerlPeer(spawn(program, words));
  }

  /** Calls a method of the library: `{ do: 'submit_sm', destination_addr: ... }`. */
  send(command: { do: string } & Record<string, string | number>): void {
    this.child.stdin.write(`${JSON.stringify(command)}\n`);
  }

  /** The first PDU, from the one with this number on, that is so. @throws Error when the library has ended without it */
  async pdu(isIt: (pdu: PerlPdu) => boolean, from = 0): Promise<PerlPdu> {
    for (;;) {
      const found = this.pdus.slice(from).find(isIt);
      if (found) return found;
      if (this.isGone)
        throw new Error(
          `Net::SMPP ended: ${this.errors}\n${this.pdus.map((pdu) => JSON.stringify(pdu)).join('\n')}`,
        );
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  async stop(): Promise<void> {
    if (this.isGone) return;
    const gone = new Promise<void>((resolve) => this.child.once('close', () => resolve()));
    this.child.stdin.end();
    this.child.kill();
    await gone;
  }

  private wake(): void {
    for (const each of this.waiting.splice(0)) each();
  }
}
