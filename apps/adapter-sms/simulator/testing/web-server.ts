/** A web server that remembers what it was called with. */
import { HttpDoor } from '#simulators';

export class WebServer {
  readonly calls: { path: string; query: URLSearchParams }[] = [];
  private waiting: (() => void)[] = [];
  private door: HttpDoor | undefined;

  static async open(): Promise<WebServer> {
    const server = new WebServer();
    server.door = await HttpDoor.open(0, ({ path, query }) => {
      server.calls.push({ path, query });
      for (const each of server.waiting.splice(0)) each();
      return Promise.resolve({ status: 200, type: 'text/plain', body: '' });
    });
    return server;
  }

  get url(): string {
    return this.door?.url ?? '';
  }

  /** The query of the first call of this path that is so. */
  async called(
    path: string,
    isIt: (query: URLSearchParams) => boolean = () => true,
  ): Promise<URLSearchParams> {
    for (;;) {
      const found = this.calls.find((call) => call.path === path && isIt(call.query));
      if (found) return found.query;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  async close(): Promise<void> {
    await this.door?.close();
  }
}
