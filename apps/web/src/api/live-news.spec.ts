import { LiveNews } from './live-news';

const network = (slug: string, state: string) => ({ name: 'network', data: { network: slug, state } });
const counts = (waiting: number, deadLetters: number) => ({
  name: 'counts',
  data: { waiting, deadLetters },
});

describe('what an event makes stale', () => {
  it('a change: the lists of its topics, each once', () => {
    const data = { topics: ['agreements', 'changes', 'audit', 'changes'] };
    expect(new LiveNews().staleAfter({ name: 'changed', data })).toEqual([
      'agreements',
      'tariffs',
      'routes',
      'phase',
      'topology',
      'changes',
      'audit',
    ]);
  });

  it('a payment: what was paid and is still open; a key: the list of keys', () => {
    const data = { topics: ['payments', 'keys'] };
    expect(new LiveNews().staleAfter({ name: 'changed', data })).toEqual([
      'payments',
      'positions',
      'overview',
      'keys',
    ]);
  });

  it('the health of a network, when it changes', () => {
    const news = new LiveNews();
    expect(news.staleAfter(network('fetion', 'available'))).toEqual([]);
    expect(news.staleAfter(network('fetion', 'available'))).toEqual([]);
    expect(news.staleAfter(network('fetion', 'unavailable'))).toContain('networks');
    expect(news.staleAfter(network('wechat', 'unavailable'))).toEqual([]);
  });

  it('counts, when they differ from those before', () => {
    const news = new LiveNews();
    expect(news.staleAfter(counts(1, 0))).toEqual([]);
    expect(news.staleAfter(counts(1, 0))).toEqual([]);
    expect(news.staleAfter(counts(2, 0))).toEqual(['overview']);
    expect(news.staleAfter(counts(2, 1))).toEqual(['dead-letters', 'overview']);
  });

  it('everything, when the console cannot say what was missed', () => {
    expect(new LiveNews().staleAfter({ name: 'reload', data: {} })).toBe('all');
  });

  it.each([
    { name: 'changed', data: {} },
    { name: 'changed', data: { topics: 'networks' } },
    { name: 'something new', data: { topics: ['networks'] } },
  ])('nothing, for %j', (event) => expect(new LiveNews().staleAfter(event)).toEqual([]));
});
