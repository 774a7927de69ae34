/**
 * The order in which test files start. A file that computes much (a browser, many processes) and one that mostly waits for servers
 * and time limits run side by side: what runs at the same time needs about as many cores as there are. Among the files that fit,
 * the longest comes first, so that all workers end together.
 */

/**
 * @param {{ path: string, seconds: number, cores: number }[]} files
 * @param {number} workers files at the same time
 * @param {number} cores that they may need together
 */
export function schedule(files, workers, cores) {
  const waiting = files.toSorted(
    (one, other) => other.seconds - one.seconds || (one.path < other.path ? -1 : 1),
  );
  const order = [];
  let running = [];
  let now = 0;
  while (waiting.length > 0) {
    if (running.length === workers) now = Math.min(...running.map(({ until }) => until));
    running = running.filter(({ until }) => until > now);
    const used = running.reduce((sum, file) => sum + file.cores, 0);
    const fitting = waiting.findIndex((file) => used + file.cores <= cores);
    const [next] = waiting.splice(fitting < 0 ? leastIn(waiting) : fitting, 1);
    order.push(next);
    running.push({ until: now + next.seconds, cores: next.cores });
  }
  return order;
}

/** Nothing fits: the file that computes least delays the others least. */
function leastIn(files) {
  const least = Math.min(...files.map(({ cores }) => cores));
  return files.findIndex((file) => file.cores === least);
}
