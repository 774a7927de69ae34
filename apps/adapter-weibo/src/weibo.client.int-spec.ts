/** What counts as sent: Weibo refuses with an error number, or with a result that is false; both with HTTP 200. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WeiboClient } from './weibo.client.js';
import { weiboSettings } from './weibo.config.js';

let answer: object;
const server = createServer((_, response) => response.end(JSON.stringify(answer)));
let client: WeiboClient;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new WeiboClient(
    weiboSettings.parse({
      WEIBO_APP_SECRET: 's',
      WEIBO_ACCESS_TOKEN: 't',
      WEIBO_MESSAGES_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    }),
  );
});
afterAll(() => void server.close());

test.each([
  [{ result: false }, '100'],
  [{ result: false, error: 'out of the window', error_code: 26403 }, '101'],
  [{ error_code: '10022', error: 'IP requests out of rate limit' }, '65'],
])('%j is %s', async (said, code) => {
  answer = said;
  await expect(client.sendText('1', 'hi')).rejects.toMatchObject({ code });
});

test('a true result is sent', async () => {
  answer = { result: true, receiver_id: '1' };
  await expect(client.sendText('1', 'hi')).resolves.toBeUndefined();
});
