/** A picture, a voice note, a video or a file. The content comes from the server of the wall, never from the address in the message. */
import { useEffect, useRef, useState } from 'react';
import type { Body } from '../../shared/events.js';
import { useDo, usePage } from './context.js';
import { IconButton } from './icons.js';

type Media = Extract<Body, { kind: 'media' }>;

export function Attachment({ phone, body }: { phone: string; body: Media }) {
  const url = useContent(phone, body.content);
  switch (body.what) {
    case 'image':
      return url === undefined ? <span className="loading" /> : <img src={url} alt={body.name} />;
    case 'voice':
      return <Voice url={url} seconds={body.seconds} />;
    case 'video':
      return url === undefined ? <span className="loading" /> : <video src={url} controls />;
    case 'file':
      return url === undefined ? (
        <span>{body.name}</span>
      ) : (
        <a href={url} download={body.name}>
          📄 {body.name}
        </a>
      );
  }
}

function useContent(phone: string, content: number): string | undefined {
  const { api } = usePage();
  const run = useDo();
  const [url, setUrl] = useState<string>();
  const runNow = useRef(run);
  runNow.current = run;
  useEffect(() => {
    let made: string | undefined;
    let gone = false;
    runNow.current(async () => {
      const blob = await api.media(phone, content);
      if (gone) return;
      made = URL.createObjectURL(blob);
      setUrl(made);
    });
    return () => {
      gone = true;
      if (made !== undefined) URL.revokeObjectURL(made);
    };
  }, [api, phone, content]);
  return url;
}

function Voice({ url, seconds }: { url: string | undefined; seconds: number | undefined }) {
  const { words } = usePage();
  const audio = useRef<HTMLAudioElement>(null);
  const [plays, setPlays] = useState(false);
  const [measured, setMeasured] = useState<number>();
  const length = seconds ?? measured;
  const toggle = () => {
    const { current } = audio;
    if (!current) return;
    if (plays) current.pause();
    else current.play().catch(() => setPlays(false));
  };
  return (
    <span className="voice">
      <IconButton
        name={plays ? 'stop' : 'play'}
        label={plays ? words.stop : words.play}
        onClick={toggle}
        disabled={url === undefined}
      />
      <span className="wave" aria-hidden="true">
        {Array.from({ length: 14 }, (_, at) => (
          <i key={at} className={`w${(at * 5) % 7}`} />
        ))}
      </span>
      <span className="seconds">
        {length === undefined || !Number.isFinite(length) ? '' : `${Math.max(1, Math.round(length))}″`}
      </span>
      <audio
        ref={audio}
        src={url}
        onPlay={() => setPlays(true)}
        onPause={() => setPlays(false)}
        onEnded={() => setPlays(false)}
        onLoadedMetadata={(event) => setMeasured(event.currentTarget.duration)}
      />
    </span>
  );
}
