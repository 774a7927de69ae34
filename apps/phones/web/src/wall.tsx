/** The whole page: phones side by side, the phones that can be added, and the way of the messages. */
import { useCallback, useMemo, useRef, useState } from 'react';
import type { WallState } from '../../shared/chats.js';
import type { PhoneId, PhoneView } from '../../shared/events.js';
import type { Api } from './api.js';
import { PageContext, reasonOf, useDo, usePage, type Page } from './context.js';
import { Icon } from './icons.js';
import { draggedPhone, useDropPlace, useFocusFollows } from './moving.js';
import { Phone, type WantedChat } from './phone.js';
import { Route } from './route.js';
import { useWall } from './use-wall.js';
import { WORDS, type Language } from './words.js';

const COMPLAINT_MS = 6000;

export function Wall({ api }: { api: Api }) {
  const { view, state, reached } = useWall(api);
  const [language, setLanguage] = useState<Language>(() =>
    navigator.language.startsWith('zh') ? 'zh' : 'en',
  );
  const [complaint, complain] = useComplaint();
  const [wanted, setWanted] = useState<WantedChat>();
  const words = WORDS[language];
  const open = useMemo(() => Object.keys(state.phones), [state.phones]);
  const follow = useFocusFollows(open);
  const page = useMemo<Page>(() => {
    const move = (id: PhoneId, how: () => Promise<void>) => {
      follow(id);
      how().catch((error: unknown) => complain(reasonOf(error)));
    };
    return {
      api,
      words,
      language,
      phones: view?.phones ?? [],
      open,
      complain,
      pickUp: (id) => move(id, () => api.pickUp(id)),
      hangUp: (id) => move(id, () => api.hangUp(id)),
      showChat: (phone, chat) => setWanted({ phone, chat }),
    };
  }, [api, words, language, view, open, follow, complain]);
  const [route, setRoute] = useState(true);
  if (reached === 'locked') return <p className="locked">{words.locked}</p>;
  const shown = open.flatMap((id) => page.phones.filter((phone) => phone.id === id));
  return (
    <PageContext value={page}>
      <Header
        playing={state.playing}
        route={route}
        onRoute={() => setRoute(!route)}
        onLanguage={() => setLanguage(language === 'en' ? 'zh' : 'en')}
        canPlay={new Set(shown.map(({ network }) => network)).size > 1}
      />
      <Shelf isFull={open.length >= (view?.most ?? 0)} />
      <Phones shown={shown} chats={state.phones} wanted={wanted} />
      {route && <Route travels={state.travels} />}
      {(complaint !== '' || reached === 'lost') && (
        <p className="complaint" role="alert">
          {complaint === '' ? words.lost : complaint}
        </p>
      )}
    </PageContext>
  );
}

/** A text that is shown for some seconds. */
function useComplaint(): [string, (text: string) => void] {
  const [complaint, setComplaint] = useState('');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const complain = useCallback((text: string) => {
    setComplaint(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setComplaint(''), COMPLAINT_MS);
  }, []);
  return [complaint, complain];
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

/** The phones that are not on the wall. */
function Shelf({ isFull }: { isFull: boolean }) {
  const { phones, open, words, language, pickUp, hangUp } = usePage();
  const { isOver, place } = useDropPlace((id) => {
    if (open.includes(id)) hangUp(id);
  });
  return (
    <nav
      className={`shelf ${isOver ? 'drop-here' : ''}`}
      aria-label={words.add}
      title={isFull ? words.full : words.dragHint}
      {...place}
    >
      {phones
        .filter(({ id }) => !open.includes(id))
        .map(({ id, name, networkName, look }) => (
          <button
            key={id}
            type="button"
            className="on-shelf"
            data-shelf={id}
            disabled={isFull}
            onClick={() => pickUp(id)}
            style={{ '--accent': look.colours['accent'] } as React.CSSProperties}
            {...draggedPhone(id)}
          >
            <span className="dot" />
            {networkName[language]} <span className="who">{name}</span>
          </button>
        ))}
    </nav>
  );
}

function Phones({
  shown,
  chats,
  wanted,
}: {
  shown: readonly PhoneView[];
  chats: WallState['phones'];
  wanted: WantedChat | undefined;
}) {
  const { words, open, pickUp } = usePage();
  const { isOver, place } = useDropPlace((id) => {
    if (!open.includes(id)) pickUp(id);
  });
  return (
    <main className={`phones phones-${shown.length} ${isOver ? 'drop-here' : ''}`} {...place}>
      {shown.length === 0 && <p className="empty">{words.empty}</p>}
      {shown.map((phone) => (
        <Phone
          key={phone.id}
          phone={phone}
          chats={chats[phone.id] ?? {}}
          wanted={wanted?.phone === phone.id ? wanted : undefined}
        />
      ))}
    </main>
  );
}
