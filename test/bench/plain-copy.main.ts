/** Copies files through the client's own object store, at low priority: `<bus> <credentials file> <file>...`. */
import { createReadStream, createWriteStream, readFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Objm } from '@nats-io/obj';
import { connect, credsAuthenticator } from '@nats-io/transport-node';
import pLimit from 'p-limit';
import { helpIfAsked } from '#service';

const AT_ONCE = 2;

helpIfAsked(
  'plain-copy.main.js <bus> <credentials file> <file>...: copies files through the object store of the bus. npm run bench starts this.\n',
);

const [servers = '', creds = '', ...files] = process.argv.slice(2);
const bus = await connect({ servers, authenticator: credsAuthenticator(readFileSync(creds)) });
const store = await new Objm(bus).create('plain');
// Only for what is measured: on a busy machine a program of low priority may not connect in time.
setPriority(0, constants.priority.PRIORITY_LOW);
const limit = pLimit(AT_ONCE);
await Promise.all(
  files.map((file) =>
    limit(async () => {
      await store.put({ name: file }, Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>);
      const found = await store.get(file);
      if (!found) throw new Error('the copy is not there');
      await pipeline(Readable.fromWeb(found.data as never), createWriteStream(`${file}.copy`));
      await store.delete(file);
    }),
  ),
);
await bus.close();
