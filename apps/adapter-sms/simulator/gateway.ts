/** One protocol's side of the carrier, and what each needs to work. */
import { timingSafeEqual, createHash } from 'node:crypto';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Dialer } from './dialer.js';
import type { SmsFaults } from './faults.js';
import type { Intake } from './intake.js';
import type { Outbox } from './outbox.js';
import type { Room, ShortMessage } from './carried-message.js';

export interface Account {
  /** The name with which the service logs in: system_id, Source_Addr, LoginName, ClientID. */
  account: string;
  secret: string;
  service: string;
}

export interface LinkTimes {
  /** Until a link that did not log in is closed, ms. */
  loginMs: number;
  /** Without a packet until the gateway asks whether the service is alive, ms. */
  keepAliveMs: number;
  /** Questions without an answer until the link is closed (N of the documents). */
  silentTimes: number;
}

export interface Surroundings {
  account: Account;
  outbox: Outbox;
  intake: Intake;
  faults: SmsFaults;
  times: LinkTimes;
  room: Room;
  /** How the gateway writes the number of a handset. */
  spelled(handset: string): string;
}

export interface Gateway {
  /** A service connects. Absent: the carrier only dials. */
  accept?(socket: Socket): void;
  /** For links that the carrier dials. */
  readonly dialer?: Dialer;
  /** The carrier keeps its link when nothing waits. */
  readonly lingers?: true;
  /** A person's message for the service. */
  message(message: ShortMessage): void;
  /** Cuts every link. */
  disconnect(): void;
  /** Links over which the service is logged in. */
  readonly links: number;
}

const MOST_LINKS = 32;

/** Listens on the loopback interface. */
export class CarrierPort {
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  static async open(port: number, accept: (socket: Socket) => void): Promise<CarrierPort> {
    const server = createServer();
    const opened = new CarrierPort(server);
    server.on('connection', (socket) => {
      if (opened.sockets.size >= MOST_LINKS) return socket.destroy();
      opened.sockets.add(socket);
      socket.on('close', () => opened.sockets.delete(socket));
      return accept(socket);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    return opened;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}

export function md5(...parts: (string | Buffer)[]): Buffer {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

export function same(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
