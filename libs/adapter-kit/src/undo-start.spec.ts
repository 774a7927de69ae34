import { silentLog } from '#service';
import { undoStart, type OpenedParts } from './undo-start.js';

function parts(closed: string[], faulty?: string) {
  const close = (name: string) => () => {
    closed.push(name);
    if (name === faulty) throw new Error(`${name} does not close`);
  };
  const later = (name: string) => () => Promise.resolve().then(close(name));
  return {
    adapter: { network: 'fetion', stop: later('adapter') },
    connection: { close: later('connection') },
    publisher: { close: close('publisher') },
    pipeline: { close: later('attachments') },
    pending: { stop: close('pending messages') },
  } satisfies OpenedParts;
}

const ALL = ['pending messages', 'adapter', 'publisher', 'attachments', 'connection'];

test('closes everything that was opened, the connection to the bus last', async () => {
  const closed: string[] = [];
  await undoStart(parts(closed), silentLog);
  expect(closed).toEqual(ALL);
});

test.each(ALL)('if closing fails for %s, the others are closed nevertheless', async (faulty) => {
  const closed: string[] = [];
  await undoStart(parts(closed, faulty), silentLog);
  expect(closed).toEqual(ALL);
});

test('a start that failed before anything was opened leaves the adapter and the connection to close', async () => {
  const closed: string[] = [];
  const { adapter, connection } = parts(closed);
  await undoStart({ adapter, connection }, silentLog);
  expect(closed).toEqual(['adapter', 'connection']);
});
