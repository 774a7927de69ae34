import { useNavigate } from '@tanstack/react-router';
import { Input, Modal } from 'antd';
import { useId, useState, type KeyboardEvent } from 'react';
import type { Me } from '../api/contract';
import { inBackground } from '../parts/in-background';
import { useText } from '../text/use-text';
import { menuFor, paletteChoices, type PaletteChoice } from './menu';
import { frameTexts } from './text';

interface PaletteProps {
  me: Me;
  close: () => void;
}

export default function Palette({ me, close }: PaletteProps) {
  const say = useText(frameTexts);
  const navigate = useNavigate();
  const list = useId();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const pages = menuFor(me.permissions).map((entry) => ({ path: entry.path, label: say(entry.text) }));
  const choices = paletteChoices(text, pages, me.permissions.includes('trace:read'));
  const run = async (choice: PaletteChoice | undefined) => {
    if (!choice) return;
    close();
    if (choice.kind === 'find') await navigate({ to: '/find', search: { q: choice.target } });
    else await navigate({ to: choice.target });
  };
  const onKey = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setAt((at + step + choices.length) % Math.max(1, choices.length));
    }
    if (event.key === 'Enter') inBackground(run(choices[at]));
  };
  return (
    <Modal open onCancel={close} footer={null} closable={false} title={say('find')}>
      <Input
        autoFocus
        size="large"
        role="combobox"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={choices[at] && `${list}-${at}`}
        aria-label={say('find')}
        placeholder={say('findHint')}
        value={text}
        maxLength={500}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKey}
      />
      <div id={list} role="listbox" aria-label={say('find')} className="palette">
        {choices.map((choice, index) => (
          <div
            key={`${choice.kind} ${choice.target}`}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === at}
            tabIndex={-1}
            className="palette-choice"
            onMouseEnter={() => setAt(index)}
            onClick={() => inBackground(run(choice))}
            onKeyDown={onKey}
          >
            {choice.kind === 'find' ? say('findThis', { text: choice.label }) : choice.label}
          </div>
        ))}
      </div>
      <p className="quiet palette-keys">{say('keys')}</p>
    </Modal>
  );
}
