/** The owner of a phone says whether they are there, with a mood. */
import { useState } from 'react';
import type { PhoneView } from '../../shared/events.js';
import { useDo, usePage } from './context.js';

export function PresenceBar({ phone }: { phone: PhoneView }) {
  const { words, api } = usePage();
  const run = useDo();
  const [state, setState] = useState<'available' | 'away'>('available');
  const [mood, setMood] = useState('');
  const tell = (next: 'available' | 'away') => {
    setState(next);
    run(() => api.act(phone.id, { do: 'appear', state: next, mood }));
  };
  return (
    <form
      className="presence-bar"
      onSubmit={(event) => {
        event.preventDefault();
        tell(state);
      }}
    >
      <button
        type="button"
        className={`presence-toggle presence-${state}`}
        onClick={() => tell(state === 'available' ? 'away' : 'available')}
      >
        <span className={`presence presence-${state}`} />
        {state === 'available' ? words.available : words.beAway}
      </button>
      <input
        value={mood}
        maxLength={100}
        placeholder={words.mood}
        aria-label={words.mood}
        onChange={(event) => setMood(event.target.value)}
      />
    </form>
  );
}
