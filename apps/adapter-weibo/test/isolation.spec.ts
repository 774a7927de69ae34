import { isolatesConversations } from '#adapter-contract';
import { anAccount, written } from '../src/testing/recorded.js';

isolatesConversations(async (slow) => {
  const { adapter, take } = await anAccount('json', { through: slow });
  let count = 0;
  return {
    write: (person, text) => {
      const created_at = String(1_764_440_000 + ++count);
      return take(written('json', { type: 'text', sender_id: String(100_000 + person), created_at, text }));
    },
    close: () => adapter.stop(),
  };
});
