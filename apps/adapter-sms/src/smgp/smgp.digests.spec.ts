/** The vectors of the login. */
import { hex } from '../testing/raw-gateway.js';
import { authenticatorClient, authenticatorServer } from './smgp.digests.js';

test('the client proves the secret', () => {
  expect(authenticatorClient('12345678', 'secret', 301000000)).toEqual(
    hex('95898c46dedbcf393dcd4c2a861481e9'),
  );
});

test('an identifier that is shorter is hashed with the NULs of its field', () => {
  expect(authenticatorClient('1234', 'secret', 301000000)).toEqual(
    authenticatorClient('1234\0\0\0\0', 'secret', 301000000),
  );
});

test('the server proves it with a status of four bytes', () => {
  const client = hex('95898c46dedbcf393dcd4c2a861481e9');
  expect(authenticatorServer(0, client, 'secret')).not.toEqual(authenticatorServer(1, client, 'secret'));
});
