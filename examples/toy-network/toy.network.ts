/** A minimal chat server: people log in over TCP and send lines to one another. It keeps lines until they are confirmed. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { onLines, writeLine } from './wire.js';

type Member = { secret: string; socket: Socket; unconfirmed: Map<string, string> };
/** The account that sends for people of remote networks, whose names begin with "im:". */
const GATEWAY = 'hutong';

export class ToyNetwork {
  private readonly members = new Map<string, Member>();
  private readonly taken = new Set<string>();
  private readonly server: Server = createServer((socket) => this.serve(socket));

  async open(port: number): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const { socket } of this.members.values()) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private serve(socket: Socket): void {
    let speaker: string | undefined;
    onLines(socket, (verb, id = '', from = '', to = '', text = '') => {
      if (verb === 'HELLO') speaker = this.login(socket, id, from);
      if (verb === 'OK') this.members.get(speaker ?? '')?.unconfirmed.delete(id);
      if (verb === 'SAY') socket.write(this.take(speaker, id, from, to, text));
    });
  }

  /** The first login with a name registers it. Lines that its owner has not confirmed are sent again. */
  private login(socket: Socket, name: string, secret: string): string | undefined {
    const { unconfirmed, ...known } = this.members.get(name) ?? { secret, unconfirmed: new Map() };
    if (name === '' || name.startsWith('im:') || known.secret !== secret) return void socket.destroy();
    this.members.set(name, { secret, socket, unconfirmed });
    for (const line of ['WELCOME\n', ...unconfirmed.values()]) socket.write(line);
    return name;
  }

  /** People send in their own names, the gateway in names of remote people. A known id is not delivered again. */
  private take(speaker: string | undefined, id: string, from: string, to: string, text: string): string {
    const remote = speaker === GATEWAY;
    if (remote ? !from.startsWith('im:') : from !== speaker) return writeLine('NO', id, 'not-you');
    const recipient = this.members.get(!remote && to.startsWith('im:') ? GATEWAY : to);
    if (!recipient) return writeLine('NO', id, 'nobody');
    if (!this.taken.has(id)) {
      this.taken.add(id);
      recipient.unconfirmed.set(id, writeLine('SAY', id, from, to, text));
      recipient.socket.write(writeLine('SAY', id, from, to, text));
    }
    return writeLine('OK', id);
  }
}

if (import.meta.main) await new ToyNetwork().open(Number(process.env['TOY_PORT']));
