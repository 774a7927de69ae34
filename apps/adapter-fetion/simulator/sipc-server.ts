/** The TCP server: connections, their logins, and the sweep that closes idle connections. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Registration } from './registration.js';
import { answer, type Context } from './requests.js';
import { Session } from './session.js';
import { type Frame, FrameReader } from './sipc-frame.js';
import { Wire } from './wire.js';

/** Time within which a connection has to log in. */
const LOGIN_MS = 60_000;
/** One sweep for all connections instead of one timer for each. */
const SWEEP_MS = 1000;

export class SipcServer {
  private readonly server: Server;
  private readonly sessions = new Set<Session>();
  private readonly registration: Registration;
  private sweeper: NodeJS.Timeout | undefined;

  constructor(private readonly context: Context) {
    this.server = createServer({ noDelay: true }, (socket) => this.accept(socket));
    this.registration = new Registration(context, (session) => this.leave(session));
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject).listen({ port, host: '127.0.0.1', backlog: 4096 }, resolve);
    });
    this.sweeper = setInterval(() => this.sweep(Date.now()), SWEEP_MS).unref();
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  connected(): string[] {
    return [...this.sessions].flatMap(({ user }) => (user ? [user.sid] : []));
  }

  deregister(sid: string): boolean {
    const session = this.sessionOf(sid);
    if (session) this.registration.deregister(session);
    return session !== undefined;
  }

  drop(sid?: string): void {
    for (const session of this.sessions)
      if (sid === undefined || session.user?.sid === sid) session.wire.destroy();
  }

  async close(): Promise<void> {
    clearInterval(this.sweeper);
    this.drop();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private sessionOf(sid: string): Session | undefined {
    return [...this.sessions].find(({ user }) => user?.sid === sid);
  }

  private accept(socket: Socket): void {
    const wire = new Wire(socket, this.context.faults);
    const session = new Session(wire, this.context.faults, Date.now() + LOGIN_MS);
    const reader = new FrameReader();
    this.sessions.add(session);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.leave(session));
    socket.on('data', (chunk) => {
      for (const frame of reader.push(chunk)) this.take(session, frame);
      if (reader.broken !== undefined) socket.destroy();
    });
  }

  private take(session: Session, frame: Frame): void {
    const { faults } = this.context;
    if (faults.silent || session.wire.ended) return;
    if ('code' in frame.start) return session.acknowledge(frame);
    if (faults.unavailable) return session.reply(frame, 503);
    if (frame.start.method === 'R') return this.registration.take(session, frame);
    if (!session.user) return session.reply(frame, 403);
    answer(session, session.user, frame.start.method, frame, this.context);
  }

  private leave(session: Session): void {
    this.sessions.delete(session);
    this.registration.leave(session);
  }

  private sweep(now: number): void {
    for (const session of this.sessions) if (session.deadline < now) session.wire.destroy();
  }
}
