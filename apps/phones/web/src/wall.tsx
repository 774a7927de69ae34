/** The whole page: phones side by side, the phones that can be added, and the way of the messages. */
import { useCallback, useMemo, useRef, useState, type DragEvent } from 'react';
import type { PhoneView } from '../../shared/events.js';
import type { Api } from './api.js';
import { PageContext, useDo, usePage, type Page } from './context.js';
import { Icon } from './icons.js';
import { Phone } from './phone.js';
import { Route } from './route.js';
import { useWall } from './use-wall.js';
import { WORDS, type Language } from './words.js';

const MOST_SHOWN = 6;
const COMPLAINT_MS = 6000;
const DRAGGED = 'text/x-phone';

export function Wall({ api }: { api: Api }) {
  const { view, state, reached } = useWall(api);
  const [language, setLanguage] = useState<Language>(() =>
    navigator.language.startsWith('zh') ? 'zh' : 'en',
  );
  const [complaint, setComplaint] = useState('');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const complain = useCallback((text: string) => {
    setComplaint(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setComplaint(''), COMPLAINT_MS);
  }, []);
  const words = WORDS[language];
  const page = useMemo<Page>(
    () => ({ api, words, language, phones: view?.phones ?? [], complain }),
    [api, words, language, view, complain],
  );
  const [route, setRoute] = useState(true);
  if (reached === 'locked') return <p className="locked">{words.locked}</p>;
  const open = Object.keys(state.phones).flatMap((id) => page.phones.filter((phone) => phone.id === id));
  return (
    <PageContext value={page}>
      <Header
        playing={state.playing}
        route={route}
        onRoute={() => setRoute(!route)}
        onLanguage={() => setLanguage(language === 'en' ? 'zh' : 'en')}
        canPlay={new Set(open.map(({ network }) => network)).size > 1}
      />
      <Shelf open={open.map(({ id }) => id)} />
      <Phones open={open} chats={state.phones} />
      {route && <Route travels={state.travels} />}
      {(complaint !== '' || reached === 'lost') && (
        <p className="complaint" role="alert">
          {complaint === '' ? words.lost : complaint}
        </p>
      )}
    </PageContext>
  );
}

function Header({
  playing,
  route,
  canPlay,
  onRoute,
  onLanguage,
}: {
  playing: boolean;
  route: boolean;
  canPlay: boolean;
  onRoute: () => void;
  onLanguage: () => void;
}) {
  const { words, api } = usePage();
  const run = useDo();
  return (
    <header className="top">
      <h1>
        Hutong <span lang="zh">互通</span>
      </h1>
      <p className="tagline">{words.tagline}</p>
      <div className="top-buttons">
        <button
          type="button"
          className="play"
          disabled={!playing && !canPlay}
          title={words.playHint}
          onClick={() => run(() => api.play(!playing))}
        >
          <Icon name={playing ? 'stop' : 'play'} />
          {playing ? words.stop : words.play}
        </button>
        <button type="button" aria-pressed={route} title={words.routeHint} onClick={onRoute}>
          <Icon name="route" />
          {words.route}
        </button>
        <button type="button" onClick={onLanguage}>
          {words.language}
        </button>
      </div>
    </header>
  );
}

/** The phones that are not on the wall yet. */
function Shelf({ open }: { open: readonly string[] }) {
  const { phones, words, api, language } = usePage();
  const run = useDo();
  const left = phones.filter(({ id }) => !open.includes(id));
  return (
    <nav className="shelf" aria-label={words.add} title={words.dragHint}>
      {left.map(({ id, name, networkName, look }) => (
        <button
          key={id}
          type="button"
          className="on-shelf"
          draggable
          disabled={open.length >= MOST_SHOWN}
          onDragStart={(event) => event.dataTransfer.setData(DRAGGED, id)}
          onClick={() => run(() => api.pickUp(id))}
          style={{ '--accent': look.colours['accent'] } as React.CSSProperties}
        >
          <span className="dot" />
          {networkName[language]} <span className="who">{name}</span>
        </button>
      ))}
    </nav>
  );
}

function Phones({
  open,
  chats,
}: {
  open: readonly PhoneView[];
  chats: Parameters<typeof Phone>[0]['chats'] extends infer Chats ? Record<string, Chats> : never;
}) {
  const { words, api } = usePage();
  const run = useDo();
  const drop = (event: DragEvent) => {
    event.preventDefault();
    const id = event.dataTransfer.getData(DRAGGED);
    if (id !== '' && open.length < MOST_SHOWN) run(() => api.pickUp(id));
  };
  return (
    <main
      className={`phones phones-${open.length}`}
      onDragOver={(event) => event.preventDefault()}
      onDrop={drop}
    >
      {open.length === 0 && <p className="empty">{words.empty}</p>}
      {open.slice(0, MOST_SHOWN).map((phone) => (
        <Phone key={phone.id} phone={phone} chats={chats[phone.id] ?? {}} />
      ))}
    </main>
  );
}
