/**
 * With TEST_OPEN_HANDLES=1, each test file that leaves a timer, socket, server or child process open is named. Such a file keeps
 * its worker from ending, and jest then ends the worker by force.
 */
import { relative } from 'node:path';

/** Closed sockets and ended processes need some turns of the event loop until they are gone. */
const SETTLES_WITHIN_MS = 1000;

/** Requests, which end by themselves: what a worker writes to a jest that is busy can wait for seconds. */
const ENDS_BY_ITSELF = /^(?:Simple)?WriteWrap$|^FSReq/;

/** Its own streams are made at their first use, and keep no process alive. */
const touchStreams = () => [process.stdin, process.stdout, process.stderr];

/** @returns how many resources of each kind keep this process alive */
export function openHandles() {
  if (process.env['TEST_OPEN_HANDLES'] !== undefined) touchStreams();
  const counts = new Map();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** Prints what is open after a test file and was not open before. */
export async function reportOpenHandles(testPath, before) {
  const deadline = Date.now() + SETTLES_WITHIN_MS;
  let left = opened(before);
  while (left.length > 0 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    left = opened(before);
  }
  if (left.length > 0)
    process.stderr.write(`OPEN HANDLES of ${relative(process.cwd(), testPath)}: ${left.join(', ')}\n`);
}

function opened(before) {
  return [...openHandles()].flatMap(([kind, count]) => {
    const more = count - (before.get(kind) ?? 0);
    return more > 0 && !ENDS_BY_ITSELF.test(kind) ? [`${more} ${kind}`] : [];
  });
}
