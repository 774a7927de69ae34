import { homeserverFromEnvironment } from '../../adapter-matrix/src/server-from-environment.js';
import { xmppServerFromEnvironment } from '../../adapter-xmpp/src/server-from-environment.js';

describe('servers that are there already', () => {
  test('an XMPP server by its URL, with people who have accounts there', () => {
    const env = {
      XMPP_URL: 'xmpp://10.0.0.5:5222/example.org?component=5348',
      XMPP_COMPONENT_SECRET: 's',
      XMPP_ACCOUNTS: 'alice:pa:ss,amy:word',
    };
    expect(xmppServerFromEnvironment(env)).toMatchObject({
      host: '10.0.0.5',
      port: 5222,
      componentPort: 5348,
      domain: 'example.org',
      accounts: [
        { native: 'alice@example.org', password: 'pa:ss' },
        { native: 'amy@example.org', password: 'word' },
      ],
    });
  });

  test('nothing is given: nothing is assumed', () => {
    expect([xmppServerFromEnvironment({}), homeserverFromEnvironment({})]).toEqual([undefined, undefined]);
  });

  test('an incomplete configuration gives an error that names the missing setting', () => {
    expect(() => xmppServerFromEnvironment({ XMPP_URL: 'xmpp://x' })).toThrow(
      'XMPP_COMPONENT_SECRET is needed with XMPP_URL',
    );
    expect(() => homeserverFromEnvironment({ MATRIX_URL: 'http://x', MATRIX_SERVER_NAME: 'x' })).toThrow(
      'MATRIX_AS_TOKEN is needed with MATRIX_URL',
    );
  });
});
