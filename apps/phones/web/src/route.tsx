/** The way of the newest messages through the switch: when each checkpoint was reached, and what was adapted. */
import { partsOf } from '../../shared/address.js';
import type { Travel } from '../../shared/chats.js';
import type { PhoneView, Step } from '../../shared/events.js';
import { usePage } from './context.js';
import type { Language, Words } from './words.js';

const SHOWN = 4;

export function Route({ travels }: { travels: readonly Travel[] }) {
  const { words, phones, language } = usePage();
  return (
    <footer className="route" aria-label={words.route}>
      {travels.length === 0 && <p>{words.noRoute}</p>}
      {travels.slice(0, SHOWN).map((travel) => (
        <div
          key={travel.key}
          className={`travel travel-${travel.state}${isLadder(travel) ? ' travel-ladder' : ''}`}
        >
          <span className="end">{who(travel.from, phones, language)}</span>
          <ol>
            {travel.steps.map((step, at) => (
              <li key={at} className={`step step-${step.stage}`}>
                <span className="stage">
                  {words.stages[step.stage] ?? step.stage}
                  {isLadder(travel) && ` · ${networkName(step.network, phones, language)}`}
                </span>
                <span className="ms">{step.ms} ms</span>
                {noteOf(step, words) !== '' && <span className="step-note">{noteOf(step, words)}</span>}
              </li>
            ))}
          </ol>
          <span className="end">{who(travel.to, phones, language, travel.chatName)}</span>
        </div>
      ))}
    </footer>
  );
}

/** Several networks tried to deliver it, one after the other. */
function isLadder({ steps }: Travel): boolean {
  return steps.filter(({ stage }) => stage === 'routed').length > 1;
}

function networkName(slug: string, phones: readonly PhoneView[], language: Language): string {
  return phones.find((one) => one.network === slug)?.networkName[language] ?? slug;
}

function noteOf({ code, detail }: Step, words: Words): string {
  if (code !== '00') return `${code} ${detail ?? ''}`.trim();
  if (detail === undefined) return '';
  // Which way a number was found is no loss.
  return detail.startsWith('number: ') ? detail : `${words.degraded}: ${detail}`;
}

/** @param chatName of a group or a stranger, who have no phone here */
function who(address: string, phones: readonly PhoneView[], language: Language, chatName?: string): string {
  const phone = phones.find((one) => one.address === address);
  if (phone) return `${phone.name} · ${phone.networkName[language]}`;
  const { native, network } = partsOf(address);
  const named = networkName(network, phones, language);
  return `${chatName ?? native} · ${named}`;
}
