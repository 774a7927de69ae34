/** HTTP API to the people of all simulated networks, for a terminal phone, a script or a test. Loopback only. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inBackground } from './in-background.js';
import { KEEP_ALIVE } from './keep-alive.js';
import { NotHere, type Act, type Person, type SimulatedNetwork, type Sight } from './person.js';

const MAX_BODY = 1024 * 1024;
const WAIT_MS = 20_000;

export interface PersonView {
  native: string;
  name: string;
  contacts: ReturnType<Person['contacts']>;
}

export class UsersApi {
  private readonly server: Server;

  private constructor(private readonly networks: ReadonlyMap<string, SimulatedNetwork>) {
    this.server = createServer(KEEP_ALIVE, (request, response) => {
      inBackground("the people's API", async () => {
        try {
          respond(response, 200, await this.serve(request));
        } catch (error) {
          respond(response, 400, refusal(error as Error));
        }
      });
    });
  }

  /** @param networks by their slug in the hub */
  static async open(networks: ReadonlyMap<string, SimulatedNetwork>, port: number): Promise<UsersApi> {
    const api = new UsersApi(networks);
    await new Promise<void>((resolve) => api.server.listen(port, '127.0.0.1', resolve));
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  /** GET /<network>/<person> · GET /<network>/<person>/sights?after=<n> (waits for one) · POST /<network>/<person>/acts */
  private async serve(request: IncomingMessage): Promise<unknown> {
    const url = new URL(request.url ?? '/', 'http://users');
    const [slug = '', native = '', what] = url.pathname.slice(1).split('/').map(decodeURIComponent);
    const network = this.networks.get(slug);
    if (!network) throw new Error(`no such network: ${[...this.networks.keys()].join(', ')} are simulated`);
    if (native === '') return network.people().map(view);
    const person = network.person(native);
    if (what === undefined) return view(person);
    if (what === 'acts' && request.method === 'POST')
      return person.act(JSON.parse(await bodyOf(request)) as Act);
    if (what === 'sights') return sightsAfter(person, Number(url.searchParams.get('after') ?? 0));
    throw new Error('GET a person or its sights, or POST its acts');
  }
}

export interface Refusal {
  /** Readable error text. */
  error: string;
  /** The network does not have this act. */
  notHere?: { act: Act['do']; network: string };
}

function refusal(error: Error): Refusal {
  return {
    error: error.message,
    ...(error instanceof NotHere ? { notHere: { act: error.act, network: error.network } } : {}),
  };
}

function view(person: Person): PersonView {
  return { native: person.native, name: person.name, contacts: person.contacts() };
}

async function sightsAfter(person: Person, after: number): Promise<readonly Sight[]> {
  if (person.timeline.length <= after)
    await new Promise<void>((resolve) => {
      // The server keeps the process alive, not those who wait.
      const timer = setTimeout(done, WAIT_MS).unref();
      const end = person.onSight(done);
      function done(): void {
        clearTimeout(timer);
        end();
        resolve();
      }
    });
  return person.timeline.slice(after);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > MAX_BODY) throw new Error('the body is too large');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function respond(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
