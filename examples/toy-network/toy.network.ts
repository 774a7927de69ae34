/** A chat server on a page: people log in over TCP and say lines to one another. It keeps what is not confirmed. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { readLine, writeLine } from './wire.js';

interface Member {
  secret: string;
  socket?: Socket;
  unconfirmed: Map<string, string>;
}
/** Carries the words of people abroad, whose names begin with "im:". */
const GATEWAY = 'hutong';

export class ToyNetwork {
  private readonly members = new Map<string, Member>();
  private readonly taken = new Set<string>();
  private readonly server: Server = createServer((socket) => this.serve(socket));

  static async open(port: number, gatewaySecret: string): Promise<ToyNetwork> {
    const network = new ToyNetwork();
    network.members.set(GATEWAY, { secret: gatewaySecret, unconfirmed: new Map() });
    await new Promise<void>((resolve) => network.server.listen(port, '127.0.0.1', resolve));
    return network;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const { socket } of this.members.values()) socket?.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private serve(socket: Socket): void {
    let speaker = '';
    socket.on('error', () => socket.destroy());
    const lines = createInterface({ input: socket }).on('error', () => socket.destroy());
    lines.on('line', (line) => {
      const [verb = '', id = '', from = '', to = '', text = ''] = readLine(line);
      if (verb === 'HELLO') speaker = this.login(socket, id, from);
      else if (verb === 'OK') this.members.get(speaker)?.unconfirmed.delete(id);
      else if (verb === 'SAY') socket.write(this.take(speaker, id, from, to, text));
    });
  }

  /** The first who comes with a name has it; what he has not confirmed he gets again. */
  private login(socket: Socket, name: string, secret: string): string {
    const member = this.members.get(name) ?? { secret, unconfirmed: new Map<string, string>() };
    if (name === '' || name.startsWith('im:') || member.secret !== secret) return (socket.destroy(), '');
    this.members.set(name, member);
    member.socket = socket;
    for (const line of ['WELCOME\n', ...member.unconfirmed.values()]) socket.write(line);
    return name;
  }

  /** Everybody speaks for himself, the gateway for people abroad. An id that was here before is not said again. */
  private take(speaker: string, id: string, from: string, to: string, text: string): string {
    const abroad = speaker === GATEWAY;
    if (abroad ? !from.startsWith('im:') : from !== speaker) return writeLine('NO', id, 'not-you');
    const recipient = this.members.get(!abroad && to.startsWith('im:') ? GATEWAY : to);
    if (!recipient) return writeLine('NO', id, 'nobody');
    if (!this.taken.has(id)) {
      this.taken.add(id);
      recipient.unconfirmed.set(id, writeLine('SAY', id, from, to, text));
      recipient.socket?.write(writeLine('SAY', id, from, to, text));
    }
    return writeLine('OK', id);
  }
}
