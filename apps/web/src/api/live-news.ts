/** Which queries the events of the console make stale. Pure. */
const KEYS_OF_TOPIC: Record<string, readonly string[]> = {
  networks: ['networks', 'operators', 'stand-in', 'credentials', 'departure', 'overview', 'topology'],
  agreements: ['agreements', 'tariffs', 'routes', 'phase', 'topology'],
  subscribers: ['person', 'consent', 'ported'],
  'business-days': ['business-days', 'business-day', 'overview'],
  payments: ['payments', 'positions', 'overview'],
};
const OF_NETWORK = ['networks', 'overview', 'topology'];

export interface LiveEvent {
  name: string;
  data: Record<string, unknown>;
}

export class LiveNews {
  private readonly states = new Map<unknown, unknown>();
  private counts: Record<string, unknown> | undefined;

  /** @returns first elements of query keys; `all`: the page knows nothing for certain any more */
  staleAfter({ name, data }: LiveEvent): readonly string[] | 'all' {
    switch (name) {
      case 'changed':
        return staleTopics(data['topics']);
      case 'network':
        return this.isNewState(data['network'], data['state']) ? OF_NETWORK : [];
      case 'counts':
        return this.staleCounts(data);
      case 'reload':
        return 'all';
      default:
        return [];
    }
  }

  /** The state at the beginning is what the page has just read. */
  private isNewState(network: unknown, state: unknown): boolean {
    const before = this.states.get(network);
    this.states.set(network, state);
    return before !== undefined && before !== state;
  }

  private staleCounts(counts: Record<string, unknown>): string[] {
    const before = this.counts;
    this.counts = counts;
    if (!before) return [];
    const letters = before['deadLetters'] !== counts['deadLetters'];
    const others = Object.keys(counts).some((key) => before[key] !== counts[key]);
    return [...(letters ? ['dead-letters'] : []), ...(others ? ['overview'] : [])];
  }
}

/** A topic without keys of its own is the key of its page. */
function staleTopics(topics: unknown): string[] {
  if (!Array.isArray(topics)) return [];
  const names = topics.filter((topic) => typeof topic === 'string');
  return [...new Set(names.flatMap((topic) => KEYS_OF_TOPIC[topic] ?? [topic]))];
}
