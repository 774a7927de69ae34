/** Calls the simulators' API as an account does, without any library in between. */
export type Answer = Record<string, unknown>;

export interface Downloaded {
  status: number;
  type: string;
  disposition: string;
  bytes: Buffer;
}

export class Caller {
  private token = '';

  constructor(private readonly base: string) {}

  async login(appId: string, secret: string): Promise<void> {
    const answer = await this.get('/cgi-bin/token', {
      grant_type: 'client_credential',
      appid: appId,
      secret,
    });
    this.token = String(answer['access_token']);
  }

  async loginToCorp(corpId: string, secret: string): Promise<void> {
    const answer = await this.get('/cgi-bin/gettoken', { corpid: corpId, corpsecret: secret });
    this.token = String(answer['access_token']);
  }

  async get(path: string, query: Record<string, string> = {}): Promise<Answer> {
    return (await (await fetch(this.at(path, query))).json()) as Answer;
  }

  async bytes(path: string, query: Record<string, string>): Promise<Downloaded> {
    const response = await fetch(this.at(path, query));
    return {
      status: response.status,
      disposition: response.headers.get('content-disposition') ?? '',
      type: response.headers.get('content-type') ?? '',
      bytes: Buffer.from(await response.arrayBuffer()),
    };
  }

  async post(path: string, body: unknown): Promise<Answer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return (await (await fetch(this.at(path), { method: 'POST', body: text })).json()) as Answer;
  }

  async upload(type: string, bytes: Buffer, filename: string): Promise<Answer> {
    const body = new FormData();
    body.append('media', new Blob([new Uint8Array(bytes)]), filename);
    const response = await fetch(this.at('/cgi-bin/media/upload', { type }), { method: 'POST', body });
    return (await response.json()) as Answer;
  }

  /** Sends a text as an official account. @returns the errcode */
  async say(touser: string, content: string): Promise<unknown> {
    const answer = await this.post('/cgi-bin/message/custom/send', {
      touser,
      msgtype: 'text',
      text: { content },
    });
    return answer['errcode'];
  }

  private at(path: string, query: Record<string, string> = {}): string {
    return `${this.base}${path}?${new URLSearchParams({ ...query, ...(this.token ? { access_token: this.token } : {}) }).toString()}`;
  }
}
