import { Outlet, useRouterState } from '@tanstack/react-router';
import { Button } from 'antd';
import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import type { Me } from '../api/contract';
import { useLiveEvents } from '../api/live';
import { Icon } from '../parts/icon';
import { useText } from '../text/use-text';
import { AccountMenu } from './display-menu';
import { Brand } from './brand';
import { Navigation } from './navigation';
import { usePaletteKey } from './palette-key';
import { frameTexts } from './text';
import './frame.css';

/** Loaded when they are opened: most visits need neither. */
const Palette = lazy(() => import('./palette'));
const MenuDrawer = lazy(() => import('./menu-drawer'));

export function Frame({ me }: { me: Me }) {
  const say = useText(frameTexts);
  const [palette, setPalette] = useState(false);
  const [drawer, setDrawer] = useState(false);
  const live = useLiveEvents();
  usePaletteKey(useCallback(() => setPalette(true), []));
  const path = useRouterState({ select: (state) => state.location.pathname });
  useEffect(() => setDrawer(false), [path]);
  return (
    <div className="frame">
      <a href="#content" className="skip">
        {say('skip')}
      </a>
      <aside className="side">
        <Brand />
        <Navigation me={me} />
      </aside>
      <div className="main">
        <header className="top">
          <Button
            type="text"
            className="menu-button"
            aria-label={say('menu')}
            onClick={() => setDrawer(true)}
            icon={<Icon name="menu" />}
          />
          <Button className="find-button" onClick={() => setPalette(true)}>
            <Icon name="find" />
            <span className="grow">{say('find')}</span>
            <kbd>Ctrl K</kbd>
          </Button>
          {live === 'off' && (
            <span className="not-live" role="status" title={say('notLiveTeach')}>
              {say('notLive')}
            </span>
          )}
          <AccountMenu me={me} />
        </header>
        <main id="content" tabIndex={-1} className="content">
          <Outlet />
        </main>
      </div>
      <Suspense fallback={null}>
        {drawer && <MenuDrawer me={me} close={() => setDrawer(false)} />}
        {palette && <Palette me={me} close={() => setPalette(false)} />}
      </Suspense>
    </div>
  );
}
