import { EventStream } from './event-stream.js';

class Connection {
  written = '';
  writableLength = 0;
  destroyed = false;
  writableEnded = false;

  write(text: string): boolean {
    this.written += text;
    return true;
  }

  end(): this {
    this.writableEnded = true;
    return this;
  }

  destroy(): this {
    this.destroyed = true;
    return this;
  }
}

function streamOn(connection: Connection): EventStream {
  const reader = { person: 'p', role: 'admin', network: null, mayGoOn: () => Promise.resolve(true) } as const;
  return new EventStream(reader, connection as unknown as ConstructorParameters<typeof EventStream>[1]);
}

test('an event has its number, its name, and its data in one line', () => {
  const connection = new Connection();
  streamOn(connection).send('changed', { topics: ['networks'] }, 7);
  expect(connection.written).toBe('id: 7\nevent: changed\ndata: {"topics":["networks"]}\n\n');
});

test('who does not read is cut off, and gets nothing more', () => {
  const connection = new Connection();
  const stream = streamOn(connection);
  stream.beat();
  connection.writableLength = 300_000;
  stream.beat();
  expect(connection.destroyed).toBe(true);
  connection.writableLength = 0;
  stream.beat();
  expect(connection.written).toBe(': still here\n\n');
});

test('the end says why, and nothing follows it', () => {
  const connection = new Connection();
  const stream = streamOn(connection);
  stream.end('stopping');
  stream.beat();
  expect(connection.written).toBe('event: bye\ndata: {"reason":"stopping"}\n\n');
});
