import { isolatesConversations } from '#adapter-contract';
import { aLine } from '../src/testing/closed-carrier.js';

isolatesConversations(async (slow) => {
  const line = await aLine({ wrap: slow });
  let written = 0;
  return {
    write: (person, text) =>
      line.write(text, { person: `86139${String(person).padStart(8, '0')}`, id: `mo-${++written}` }),
    close: () => line.adapter.stop(),
  };
});
