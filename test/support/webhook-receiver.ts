/** A receiver of webhooks for tests, and the code of docs/webhooks.md that verifies what it gets. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface ReceivedWebhook {
  headers: Record<string, string>;
  body: string;
}

/** A status, or no answer until `hangUp`. */
type Behaviour = number | 'hang';

export class WebhookReceiver {
  private readonly received = new Map<string, ReceivedWebhook[]>();
  private readonly behaviours = new Map<string, Behaviour[]>();
  private readonly hanging: ServerResponse[] = [];
  /** Connections of TCP, with and without a request. */
  connections = 0;
  /** Connections that sent their first request. */
  accepted = 0;

  private constructor(private readonly server: Server) {}

  static async open(): Promise<WebhookReceiver> {
    const server = createServer();
    const receiver = new WebhookReceiver(server);
    server.on('connection', () => receiver.connections++);
    server.on('request', (request, response) => {
      receiver.take(request, response).catch((error: Error) => response.destroy(error));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return receiver;
  }

  /** For WEBHOOK_PRIVATE_HOSTS. */
  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `http://${this.host}`;
  }

  /** What the next requests to this path are answered with; 200 afterwards, and for every other path. */
  answers(path: string, behaviours: Behaviour[]): void {
    this.behaviours.set(path, behaviours);
  }

  at(path: string): ReceivedWebhook[] {
    return this.received.get(path) ?? [];
  }

  wordsAt(path: string): string[] {
    return this.at(path).map(({ body }) => (JSON.parse(body) as { data: { words: string } }).data.words);
  }

  /** Closes the connections that wait for an answer. */
  hangUp(): void {
    for (const response of this.hanging.splice(0)) response.destroy();
  }

  close(): void {
    this.hangUp();
    this.server.close();
    this.server.closeAllConnections();
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.accepted++;
    const path = request.url ?? '';
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    const body = await text(request);
    this.received.set(path, [...this.at(path), { headers, body }]);
    const behaviour = this.behaviours.get(path)?.shift() ?? 200;
    if (behaviour === 'hang') {
      this.hanging.push(response);
      return;
    }
    if (behaviour >= 300 && behaviour < 400) response.setHeader('location', '/redirected');
    response.writeHead(behaviour).end();
  }
}

const RUN = {
  python: {
    command: ['python3', '-c'],
    harness:
      'import json, sys\ngiven = json.load(sys.stdin)\nprint(verify(given["headers"], given["body"].encode(), given["secret"]))',
  },
  js: {
    command: ['node', '--input-type=module', '-e'],
    harness:
      "import { text } from 'node:stream/consumers';\nconst given = JSON.parse(await text(process.stdin));\n" +
      'console.log(verify(given.headers, Buffer.from(given.body), given.secret));',
  },
} as const;

/** Runs the example of the documentation. @returns whether it accepts the request */
export function documentedCheck(
  language: keyof typeof RUN,
  given: ReceivedWebhook & { secret: string },
): boolean {
  const page = readFileSync('docs/webhooks.md', 'utf8');
  const [, code = ''] = new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(page) ?? [];
  const { command, harness } = RUN[language];
  const [program, ...options] = command;
  const input = JSON.stringify(given);
  const said = execFileSync(program, [...options, `${code}\n${harness}`], { input, encoding: 'utf8' }).trim();
  if (!/^(true|false)$/i.test(said)) throw new Error(said);
  return said.toLowerCase() === 'true';
}
